/** A policy is moved, saved as a draft, proposed, and approved by another person. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, look } from './browser';
import { dialog, LOOKS, primary, visitor } from './pages';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const proposals = (page: Page) => page.locator('section.panel').nth(1);
const versions = (page: Page) => page.locator('section.panel').nth(0);

/** Moves the line for yellow and saves that as a draft. */
async function draft(page: Page, edge: string) {
  await page.goto('/indicators');
  const yellow = page.locator('.edge', { has: page.locator('.chip.yellow') }).locator('input');
  await yellow.fill(edge);
  await yellow.blur();
  await page.locator('.effect').waitFor({ timeout: 60_000 });
  await page.locator('.tray .ant-btn-primary').click();
  await dialog(page).locator('#version').waitFor();
}

async function save(page: Page) {
  await primary(page).click();
  await page.locator('.ant-notification-notice').waitFor();
}

describe('a policy', () => {
  it.each(LOOKS)('comes into force when a second person approves it: %s', async (name, eyes) => {
    const found: string[] = [];
    const edge = eyes.phone ? '38' : '39';
    const note = `line for yellow at ${edge}`;
    const one = await visitor(browser, 'chief', eyes);
    await draft(one.page, edge);
    found.push(...(await look(one.page, `policy-save-${name}`)));
    await save(one.page);
    await one.page.goto('/indicators?tab=versions');
    const row = versions(one.page).locator('tr', { has: one.page.locator('.made b', { hasText: edge }) }).first();
    await row.waitFor();
    found.push(...(await look(one.page, `policy-draft-${name}`)));
    await row.locator('.ant-btn').click();
    await dialog(one.page).locator('#from').fill(eyes.phone ? '2020-08-01' : '2020-07-01');
    await dialog(one.page).locator('#note').fill(note);
    found.push(...(await look(one.page, `policy-propose-${name}`)));
    await primary(one.page).click();
    await dialog(one.page).waitFor({ state: 'hidden' });

    // Who proposed may not approve: not on the page, and not past it.
    const mine = proposals(one.page).locator('tr', { hasText: note });
    await mine.waitFor();
    expect(await mine.locator('.ant-btn-primary').isDisabled()).toBe(true);
    found.push(...(await look(one.page, `policy-proposed-${name}`)));

    const other = await visitor(browser, 'deputy', eyes);
    await other.page.goto('/indicators?tab=versions');
    const theirs = proposals(other.page).locator('tr', { hasText: note });
    await theirs.locator('.ant-btn-primary').click();
    await theirs.locator('.ant-btn-primary').waitFor({ state: 'detached' });
    expect(await theirs.innerText()).toContain('chief → deputy');
    found.push(...(await look(other.page, `policy-approved-${name}`)));

    await other.page.goto('/indicators?tab=log');
    const entry = other.page.locator('tr', { hasText: note });
    await entry.waitFor();
    expect(await entry.innerText()).toContain('chief → deputy');
    expect(await entry.locator('.made b').first().innerText()).toBe(edge);
    found.push(...(await look(other.page, `policy-log-${name}`)));
    expect(found).toEqual([]);
    await other.leave();
    await one.leave();
  });

  it('is refused with the reason of the server where its day is closed or none', async () => {
    const { page, leave } = await visitor(browser, 'chief');
    await draft(page, '40');
    await save(page);
    await page.goto('/indicators?tab=versions');
    await versions(page).locator('tr', { has: page.locator('.made b', { hasText: '40' }) }).first().locator('.ant-btn').click();
    await primary(page).click();
    await dialog(page).locator('.ant-form-item-explain-error').waitFor();
    expect(await look(page, 'policy-propose-refused')).toEqual([]);
    await leave();
  });

  it('is read by an officer, who can move nothing', async () => {
    const { page, leave } = await visitor(browser, 'li.na');
    await page.goto('/indicators');
    await page.locator('.edge').first().waitFor();
    expect(await page.locator('.edge input').count()).toBe(0);
    expect(await page.locator('.tray').count()).toBe(0);
    expect(await look(page, 'policy-read')).toEqual([]);
    await leave();
  });
});
