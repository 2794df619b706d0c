/** Pages that no other test looks at, in both languages, light, dark and at the size of a phone: axe and a look. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { barriers, context, launch, settled, shot, signIn, type Eyes } from './browser';
import { visitor } from './pages';

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

  it.each(LOOKS)('of warnings show those that wait too long, and the columns that somebody chose: %s', async (look, eyes) => {
    const session = await context(browser, eyes);
    const page = await session.newPage();
    await signIn(page, 'chief');
    await page.goto('/warnings');
    await page.locator('.list tbody tr').first().waitFor();
    const late = page.locator('.filters button', { hasText: /waiting more than 5 days|等待超过 5 天/ });
    // Everything here was raised a moment ago.
    expect(await late.locator('.num').innerText()).toBe('0');
    await page.locator('.ant-btn', { hasText: /^Columns$|^列$/ }).click();
    await page.locator('.ant-dropdown .ant-checkbox-wrapper').first().click();
    await page.locator('.list th', { hasText: /^Rank$|^排名$/ }).waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('.list tbody tr').first().waitFor();
    expect(await page.locator('.list td.rank').count()).toBe(0);
    await shot(page, `page-warnings-columns-${look}`);
    await late.click();
    await page.waitForURL(/overdue=true/);
    await page.locator('.empty').waitFor();
    expect(await barriers(page, `overdue, ${look}`)).toEqual([]);
    await session.close();
  });

  it('of a city list its townships, and say what each member of a household is', async () => {
    const session = await context(browser);
    const page = await session.newPage();
    await signIn(page, 'chief');
    await page.goto('/');
    const worst = page.locator('.panel', { hasText: 'Worst areas' }).locator('tbody tr');
    await worst.nth(9).waitFor();
    await worst.first().locator('svg').waitFor();
    expect(await worst.count()).toBe(10);
    await worst.nth(9).scrollIntoViewIfNeeded();
    await shot(page, 'page-situation-worst');
    await worst.first().locator('a').first().click();
    await page.waitForURL(/area=\d{9}$/);
    await page.goto('/scores');
    await page.locator('tbody tr a').first().click();
    await page.locator('.members .mark-tag').first().waitFor();
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.members .mark-tag').first().isVisible()).toBe(false);
    await session.close();
  });

  it('ask together for the names of areas that they show, and for none twice', async () => {
    const { page, leave } = await visitor(browser, 'chief');
    const asked: string[] = [];
    page.on('request', (it) => {
      const url = new URL(it.url());
      if (url.pathname.startsWith('/api/v1/areas/')) asked.push(url.pathname);
      if (url.searchParams.has('codes')) asked.push(url.searchParams.get('codes') ?? '');
    });
    await page.goto('/warnings');
    await page.locator('.list tbody tr').first().waitFor();
    await expect.poll(() => page.locator('.list .where .quiet').first().innerText()).not.toMatch(/^\d*$/);
    await settled(page);
    // What is drawn first, and the rest of the page.
    expect(asked.length).toBeLessThanOrEqual(3);
    const codes = asked.flatMap((it) => it.split(','));
    expect(codes.length).toBeGreaterThan(asked.length);
    expect(new Set(codes).size).toBe(codes.length);
    await leave();
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
