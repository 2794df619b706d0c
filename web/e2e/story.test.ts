/** From the map to the policy: what an officer does in a morning. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { context, launch, settled, shot, signIn, type Eyes } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** The darkest piece of the map, by the number that its label says. */
async function worst(page: Page): Promise<string> {
  await page.locator('.area-map a').first().waitFor();
  const codes = await page.locator('.area-map a').evaluateAll((all) =>
    all
      .map((it) => ({
        code: it.getAttribute('data-code') ?? '',
        share: Number(/([\d.]+)%/.exec(it.getAttribute('aria-label') ?? '')?.[1] ?? 0),
      }))
      .sort((a, b) => b.share - a.share),
  );
  return codes[0]?.code ?? '';
}

async function morning(page: Page, name: string) {
  await signIn(page, 'chief');
  await page.locator('.headline').waitFor();
  await settled(page);
  await shot(page, `${name}-situation`);

  // Down the map to the worst village.
  let area = '';
  for (let depth = 0; depth < 5; depth += 1) {
    const next = await worst(page);
    await page.locator(`.area-map a[data-code="${next}"]`).click();
    await page.waitForURL(new RegExp(`area=${next}`));
    area = next;
    await settled(page);
    if ((await page.locator('.area-map a').count()) === 0) break;
  }
  await shot(page, `${name}-village`);
  expect(area.length).toBeGreaterThan(6);

  // Its worst household, and why.
  await page.goto(`/scores?area=${area}`);
  await page.locator('tbody tr a').first().click();
  await page.waitForURL(/\/households\//);
  await page.locator('.contributions li').first().waitFor();
  await settled(page);
  await shot(page, `${name}-household`);
  expect(await page.locator('.contributions .sentence').first().innerText()).not.toBe('');
  const before = await page.locator('.who-header b.tab, .who-header .tab b').first().innerText();

  // A fact was wrong.
  const income = page.locator('.known tr', { hasText: /Net income of the last twelve|近十二个月纯收入/ }).first();
  await income.locator('button').click();
  const dialog = page.locator('.ant-modal');
  await dialog.locator('#value').fill('60000');
  await dialog.locator('#reason').fill('a zero was missing');
  await dialog.locator('.ant-btn-primary').click();
  await page.locator('.ant-notification-notice').waitFor();
  await page.waitForFunction((was) => {
    const now = document.querySelector('.who-header .tab b')?.textContent;
    return now !== undefined && now !== was;
  }, before);
  await settled(page);
  await shot(page, `${name}-corrected`);

  // What if the line for yellow lay lower?
  await page.goto('/indicators');
  const yellow = page.locator('.edge', { has: page.locator('.chip.yellow') });
  await yellow.locator('input').fill('30');
  await yellow.locator('input').blur();
  await page.locator('.effect').waitFor({ timeout: 60_000 });
  await settled(page);
  await shot(page, `${name}-what-if`);
  expect(await page.locator('.effect').innerText()).toMatch(/\d/);
}

describe('a morning', () => {
  it.each<[string, Eyes]>([
    ['english', {}],
    ['chinese', { language: 'zh', dark: true }],
    ['phone', { phone: true }],
  ])('goes from the worst village to a what-if: %s', async (name, eyes) => {
    const session = await context(browser, eyes);
    const page = await session.newPage();
    const faults: string[] = [];
    page.on('pageerror', (error) => faults.push(error.message));
    await morning(page, name);
    expect(faults).toEqual([]);
    await session.close();
  });
});
