/** Pages that no other test looks at, in both languages, light, dark and at the size of a phone: axe and a look. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { barriers, context, launch, settled, shot, signIn, type Eyes } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const PAGES = [
  ['situation', '/'],
  ['warnings', '/warnings'],
  ['scores', '/scores'],
  ['panel', '/panel'],
  ['facts', '/facts'],
  ['visit', '/facts/visit'],
  ['policy', '/indicators'],
  ['indicator', '/indicators?indicator=income_to_line'],
  ['mine', '/mine'],
  ['search', '/search?q=H0001'],
] as const;

const LOOKS: [string, Eyes][] = [
  ['light', {}],
  ['dark-zh', { dark: true, language: 'zh' }],
  ['phone', { phone: true }],
];

describe('pages', () => {
  it('of signing in has nothing that axe finds serious', async () => {
    const session = await context(browser);
    const page = await session.newPage();
    await page.goto('/');
    await page.locator('button[type=submit]').waitFor();
    await shot(page, 'sign-in');
    expect(await barriers(page, 'sign-in')).toEqual([]);
    await session.close();
  });

  it.each(LOOKS)('have nothing that axe finds serious: %s', async (look, eyes) => {
    const session = await context(browser, eyes);
    const page = await session.newPage();
    await signIn(page, 'chief');
    const found: string[] = [];
    for (const [name, path] of PAGES) {
      await page.goto(path);
      await settled(page);
      await shot(page, `page-${name}-${look}`);
      found.push(...(await barriers(page, `${name}, ${look}`)));
    }
    await page.goto('/scores');
    await page.locator('tbody tr a').first().click();
    await page.locator('.contributions, .failure').first().waitFor();
    await settled(page);
    await shot(page, `page-household-${look}`);
    found.push(...(await barriers(page, `household, ${look}`)));
    await page.goto(`${new URL(page.url()).pathname}/card`);
    await settled(page);
    await shot(page, `page-card-${look}`);
    found.push(...(await barriers(page, `card, ${look}`)));
    expect(found).toEqual([]);
    await session.close();
  });

  it('of scores say how many there are, and open a household by keys alone', async () => {
    const session = await context(browser);
    const page = await session.newPage();
    await signIn(page, 'chief');
    await page.goto('/scores?band=red');
    await page.locator('tbody tr a').first().waitFor();
    await page.locator('.total').waitFor();
    const [some, all] = (await page.locator('.total').innerText()).match(/[\d,]+/g)?.map((it) => Number(it.replace(',', ''))) ?? [];
    expect(some).toBeGreaterThan(0);
    expect(some).toBeLessThan(all ?? 0);
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key);
    const second = await page.locator('tbody tr').nth(1).locator('a').first().innerText();
    expect(await page.locator('tr[aria-current] a').first().innerText()).toBe(second);
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/households/${second}`);
    await session.close();
  });

  it('of the administrator are there for the administrator alone', async () => {
    const session = await context(browser);
    const page = await session.newPage();
    await signIn(page, 'admin');
    await page.locator('table').first().waitFor();
    expect(await page.locator('.nav a').allInnerTexts()).not.toContain('Warnings');
    await session.close();
  });

  it('ask no other machine for anything, and for no more than 600 kB of script', async () => {
    const session = await context(browser);
    const page = await session.newPage();
    const others: string[] = [];
    page.on('request', (request) => {
      if (!request.url().startsWith(inject('url'))) others.push(request.url());
    });
    await signIn(page, 'chief');
    await settled(page);
    const script = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((it) => it.name.endsWith('.js'))
        .reduce((sum, it) => sum + (it as PerformanceResourceTiming).encodedBodySize, 0),
    );
    expect(others.filter((it) => !it.startsWith('data:'))).toEqual([]);
    expect(script).toBeLessThan(600_000);
    await session.close();
  });
});
