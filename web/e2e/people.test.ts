/** Somebody is found, looked at for a reason, and turns out to be two entries. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, look } from './browser';
import { ask, dialog, LOOKS, primary, visitor } from './pages';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** An identity number of nobody, with the check digit of GB 11643. */
function number(serial: number): string {
  const body = `99999919800101${String(serial).padStart(3, '0')}`;
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
  const sum = weights.reduce((all, weight, n) => all + weight * Number(body[n]), 0);
  return body + '10X98765432'[sum % 11];
}

/** Two entries of one number in two households. */
async function twice(page: Page, name: string, serial: number) {
  const identity_number = number(serial);
  const one = { name, sex: 'male', identity_number, phone: '10012345678', source: 'civil affairs' };
  await ask(page, 'PUT', `/people/T${serial}-1`, { ...one, household_id: 'H000010', relation: 'sibling' });
  await ask(page, 'PUT', `/people/T${serial}-2`, { ...one, household_id: 'H000011', relation: 'other' });
}

const words = (page: Page, text: RegExp) => page.locator('.pair .ant-btn', { hasText: text });

describe('people', () => {
  it.each(LOOKS)('are found by initials and shown whole for a reason: %s', async (name, eyes) => {
    const { page, leave } = await visitor(browser, 'li.na', eyes);
    const found: string[] = [];
    await page.goto('/panel');
    const { items } = await ask<{ items: { person_id: string; initials: string; name: string }[] }>(page, 'GET', '/people?limit=3');
    const wanted = items[eyes.phone ? 1 : 2];
    if (!wanted) throw new Error('the city has people');

    await page.locator('main input').first().fill(wanted.initials);
    await page.keyboard.press('Enter');
    await page.waitForURL(/q=/);
    await page.locator('tbody a', { hasText: wanted.name }).first().waitFor();
    found.push(...(await look(page, `people-list-${name}`)));

    await page.goto(`/people/${wanted.person_id}`);
    const identity = page.locator('tr', { hasText: /Identity number|身份证号/ }).locator('td');
    expect(await identity.innerText()).toContain('*');
    found.push(...(await look(page, `person-masked-${name}`)));

    await page.locator('.ant-btn', { hasText: /Show what is hidden|显示隐藏内容/ }).click();
    await dialog(page).waitFor();
    // Without a reason nothing is shown.
    await dialog(page).locator('textarea').fill('why');
    await primary(page).click();
    await dialog(page).locator('.ant-form-item-explain-error').waitFor();
    found.push(...(await look(page, `person-reason-${name}`)));
    await dialog(page).locator('textarea').fill('visit for the warning of June');
    await primary(page).click();
    await page.locator('.shown').first().waitFor();
    expect(await identity.innerText()).not.toContain('*');
    // Who looked stands on the page, for whoever comes next.
    await page.locator('.past li', { hasText: 'visit for the warning of June' }).first().waitFor();
    found.push(...(await look(page, `person-shown-${name}`)));
    await page.reload();
    expect(await identity.innerText()).toContain('*');
    expect(found).toEqual([]);
    await leave();
  });

  it.each(LOOKS)('who stand twice become one, and two again: %s', async (name, eyes) => {
    const { page, leave } = await visitor(browser, 'chief', eyes);
    const found: string[] = [];
    const serial = eyes.phone ? 701 : 703;
    const who = eyes.phone ? '白模拟' : '黑模拟';
    await page.goto('/duplicates');
    await twice(page, who, serial);
    await page.reload();
    const pair = page.locator('.pair', { hasText: who });
    await pair.waitFor();
    found.push(...(await look(page, `duplicates-${name}`)));
    expect(await pair.locator('.differs').allInnerTexts()).toContain('H000010');
    await pair.locator('.ant-btn', { hasText: `T${serial}-1` }).click();
    await pair.waitFor({ state: 'detached' });
    found.push(...(await look(page, `duplicates-merged-${name}`)));

    // Taken back from the notice, then merged again and taken back from the list.
    await page.locator('.ant-notification-notice .ant-btn').click();
    await pair.waitFor();
    await pair.locator('.ant-btn', { hasText: `T${serial}-2` }).click();
    await pair.waitFor({ state: 'detached' });
    await page.locator('.ant-segmented-item').nth(1).click();
    await pair.waitFor();
    await words(page, /undo|撤销/).first().click();
    await pair.waitFor({ state: 'detached' });
    await page.locator('.ant-segmented-item').nth(0).click();
    await pair.waitFor();

    // They are two: the pair is not asked about again, and the history says who decided.
    await pair.locator('.ant-btn', { hasText: /^Two people$|^不是同一人$/ }).click();
    await pair.waitFor({ state: 'detached' });
    await page.goto(`/people/T${serial}-1`);
    await page.locator('.past li', { hasText: /taken back by chief|chief 于/ }).first().waitFor();
    found.push(...(await look(page, `person-history-${name}`)));
    expect(found).toEqual([]);
    await leave();
  });

  it('are looked for in views that are kept, and go when they are removed', async () => {
    const { page, leave } = await visitor(browser, 'li.na');
    const found: string[] = [];
    await page.goto('/panel?q=H00002');
    await page.locator('tbody tr').first().waitFor();
    const views = page.locator('.ant-btn', { hasText: 'Saved views' });
    await views.click();
    await page.locator('.views .ant-btn', { hasText: 'Save this view' }).click();
    await dialog(page).locator('input').fill('Twenties');
    found.push(...(await look(page, 'views-name')));
    await primary(page).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await page.goto('/panel');
    await views.click();
    await page.locator('.views .ant-btn', { hasText: 'Twenties' }).waitFor();
    found.push(...(await look(page, 'views-list')));
    await page.locator('.views .ant-btn', { hasText: 'Twenties' }).click();
    await page.waitForURL(/q=H00002/);
    await views.click();
    await page.getByLabel('Remove the view Twenties').click();
    expect(await page.locator('.views .ant-btn', { hasText: 'Twenties' }).count()).toBe(0);
    expect(found).toEqual([]);
    await leave();
  });

  it('who are nobody leave a page that says how to find somebody', async () => {
    const { page, leave } = await visitor(browser, 'li.na');
    await page.goto('/search?q=zzzzzz');
    await page.locator('.empty').waitFor();
    expect(await look(page, 'search-nothing')).toEqual([]);
    await page.goto('/people/NOBODY');
    await page.locator('.failure').waitFor();
    expect(await look(page, 'person-nobody')).toEqual([]);
    await leave();
  });
});
