/** What an administrator does: people who sign in, machines, events, and the audit of it all. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { context, launch, look } from './browser';
import { choose, dialog, LOOKS, primary, visitor } from './pages';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe('an administrator', () => {
  it.each(LOOKS)('makes a user, who signs in and has to change the password: %s', async (name, eyes) => {
    const { page, leave } = await visitor(browser, 'admin', eyes);
    const found: string[] = [];
    const user = `wang.${eyes.phone ? 'li' : 'wei'}`;
    await page.goto('/admin?tab=users');
    await page.locator('.panel .ant-btn-primary').first().click();
    await dialog(page).locator('#name').fill(user);
    await dialog(page).locator('#password').fill('short');
    await primary(page).click();
    await dialog(page).locator('.ant-form-item-explain-error').first().waitFor();
    found.push(...(await look(page, `admin-user-${name}`)));
    await dialog(page).locator('#password').fill('a first password');
    await choose(page, '.ant-modal #areas', /6102/);
    await page.keyboard.press('Escape');
    await primary(page).click();
    await dialog(page).waitFor({ state: 'hidden' });
    const row = page.locator('tr', { hasText: user });
    await row.waitFor();
    expect(await row.innerText()).not.toContain('*');
    found.push(...(await look(page, `admin-users-${name}`)));

    const other = await context(browser, eyes);
    const theirs = await other.newPage();
    await theirs.goto('/');
    await theirs.locator('input[autocomplete=username]').fill(user);
    await theirs.locator('input[autocomplete=current-password]').fill('a first password');
    await theirs.locator('button[type=submit]').click();
    await theirs.locator('#old').fill('a first password');
    await theirs.locator('#new').fill('a second password');
    found.push(...(await look(theirs, `admin-must-change-${name}`)));
    await theirs.locator('button[type=submit]').click();
    await theirs.locator('input[autocomplete=username]').waitFor();
    await other.close();

    await row.locator('.ant-btn-dangerous').click();
    await page.locator('.ant-popconfirm').waitFor();
    found.push(...(await look(page, `admin-disable-${name}`, '.ant-popconfirm')));
    await page.locator('.ant-popconfirm .ant-btn-primary').click();
    await row.locator('td', { hasText: /disabled|已停用/ }).waitFor();
    expect(found).toEqual([]);
    await leave();
  });

  it('keeps what was typed when the server refuses a user', async () => {
    const { page, leave } = await visitor(browser, 'admin');
    await page.goto('/admin?tab=users');
    await page.locator('.panel .ant-btn-primary').first().click();
    await dialog(page).locator('#name').fill('zhao');
    // Longer than anybody means: the server knows that better than the page.
    await dialog(page).locator('#password').fill('too long '.repeat(9));
    await primary(page).click();
    await dialog(page).locator('.ant-alert-error').waitFor();
    expect(await dialog(page).locator('#name').inputValue()).toBe('zhao');
    expect(await look(page, 'admin-user-refused')).toEqual([]);
    await leave();
  });

  it.each(LOOKS)('makes a token that works, and ends it: %s', async (name, eyes) => {
    const { page, leave } = await visitor(browser, 'admin', eyes);
    const found: string[] = [];
    await page.goto('/admin?tab=tokens');
    await page.locator('.panel .ant-btn-primary').first().click();
    await choose(page, '.ant-modal #name', /li\.na/);
    await dialog(page).locator('#label').fill(`machine ${name}`);
    await choose(page, '.ant-modal #scopes', /read counts|查看统计数/);
    await page.keyboard.press('Escape');
    found.push(...(await look(page, `admin-token-new-${name}`)));
    await primary(page).click();
    const secret = dialog(page).locator('.ant-alert code, .ant-alert .ant-typography').first();
    const token = (await secret.innerText()).trim();
    found.push(...(await look(page, `admin-token-${name}`)));
    const asked = (path: string) =>
      fetch(`${inject('url')}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } }).then((it) => it.status);
    expect(await asked('/situation')).toBe(200);
    // It is good for counts alone.
    expect(await asked('/households')).toBe(403);
    await primary(page).click();
    const row = page.locator('tr', { hasText: `machine ${name}` });
    await row.waitFor();
    found.push(...(await look(page, `admin-tokens-${name}`)));
    await row.locator('.ant-btn-dangerous').click();
    await page.locator('.ant-popconfirm .ant-btn-primary').click();
    await row.waitFor({ state: 'detached' });
    expect(await asked('/situation')).toBe(401);
    expect(found).toEqual([]);
    await leave();
  });

  it.each(LOOKS)('finds in the audit who did what, and that the chain is whole: %s', async (name, eyes) => {
    const { page, leave } = await visitor(browser, 'admin', eyes);
    const found: string[] = [];
    await page.goto('/admin?tab=audit&command=user.put');
    await page.locator('tbody tr').first().waitFor();
    const commands = await page.locator('tbody td:nth-child(4)').allInnerTexts();
    expect(commands.every((it) => it.includes('user.put'))).toBe(true);
    await page.locator('.panel .ant-btn-primary').click();
    await page.locator('.ant-alert-success').waitFor();
    found.push(...(await look(page, `admin-audit-${name}`)));
    await page.goto('/admin?tab=audit&actor=nobody.at.all');
    await page.locator('.empty').waitFor();
    found.push(...(await look(page, `admin-audit-empty-${name}`)));
    expect(found).toEqual([]);
    await leave();
  });

  it.each(LOOKS)('sends events to an address, and stops: %s', async (name, eyes) => {
    const { page, leave } = await visitor(browser, 'admin', eyes);
    const found: string[] = [];
    await page.goto('/admin?tab=webhooks');
    await page.locator('.panel .ant-btn-primary').first().click();
    await dialog(page).locator('#label').fill(`office ${name}`);
    await dialog(page).locator('#url').fill('https://192.0.2.7/hook');
    await choose(page, '.ant-modal #kinds', /warning raised|新预警/);
    await page.keyboard.press('Escape');
    found.push(...(await look(page, `admin-webhook-new-${name}`)));
    await primary(page).click();
    await dialog(page).locator('.ant-alert').waitFor();
    expect(await dialog(page).locator('.ant-alert').innerText()).toMatch(/whsec_|[A-Za-z0-9+/=]{16}/);
    found.push(...(await look(page, `admin-webhook-${name}`)));
    await primary(page).click();
    const row = page.locator('tr', { hasText: `office ${name}` });
    await row.waitFor();
    await row.locator('.ant-btn').first().click();
    await page.locator('.empty').waitFor();
    found.push(...(await look(page, `admin-webhooks-${name}`)));
    await row.locator('.ant-btn-dangerous').click();
    await page.locator('.ant-popconfirm .ant-btn-primary').click();
    await row.waitFor({ state: 'detached' });
    expect(found).toEqual([]);
    await leave();
  });

  it.each(LOOKS)('sees what became of files of areas: %s', async (name, eyes) => {
    const { session, page, leave } = await visitor(browser, 'admin', eyes);
    const answer = await session.request.post(`/api/v1/imports?kind=areas&filename=places-${name}.csv`, {
      headers: { 'X-Holdfast': '1', 'Content-Type': 'application/octet-stream' },
      data: Buffer.from('code,name\n61,陕西省\n'),
    });
    expect(answer.status()).toBe(202);
    await page.goto('/admin?tab=users');
    await page.locator('.ant-tabs-tab', { hasText: /Imports|导入/ }).click();
    await page.locator('tr', { hasText: `places-${name}.csv` }).waitFor();
    expect(await look(page, `admin-jobs-${name}`)).toEqual([]);
    await leave();
  });
});
