/** From a city into one of its counties: the same page of another area. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch } from './browser';
import { visitor } from './pages';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

/** The situation of the city, drawn to the end. */
async function city() {
  const it = await visitor(browser, 'chief');
  await it.page.goto('/');
  await it.page.locator('.situation table.plain a').first().waitFor();
  await it.page.waitForLoadState('networkidle');
  return it;
}

/** What the page shows by area: links of the table of the worst, and which area each part tells of. */
function shown(page: Page) {
  return page.evaluate(() => {
    const all = (selector: string) => [...document.querySelectorAll(selector)];
    const area = (it: Element) => new URLSearchParams((it as HTMLAnchorElement).search).get('area') ?? '';
    return {
      sentence: all('.headline a').map(area),
      map: all('.area-map a').map((it) => (it as SVGAElement).dataset.code ?? ''),
      worst: all('.situation .band-bar a').map(area),
      feed: all('.feed .what > span').map((it) => it.getAttribute('title') ?? ''),
      isBehind: all('.situation.behind, .situation .dimmed').length > 0,
    };
  });
}

describe('into a county', () => {
  it('the whole page follows, and nothing of the city stays', async () => {
    const { page, leave } = await city();
    const county = (await shown(page)).map[0] ?? '';
    await page.locator(`.area-map a[data-code="${county}"]`).click();
    await expect.poll(async () => (await shown(page)).isBehind, { timeout: 10_000 }).toBe(false);
    const after = await shown(page);
    for (const part of [after.sentence, after.map, after.worst, after.feed]) {
      expect(part).not.toEqual([]);
      expect(part.filter((code) => !code.startsWith(county))).toEqual([]);
    }
    await leave();
  });

  it('what still tells of the city is dimmed for as long as the county is on its way', async () => {
    const { page, leave } = await city();
    let answer = () => {};
    const held = new Promise<void>((done) => (answer = done));
    await page.route(/situation\/summary\?area=/, async (route) => {
      await held;
      await route.fallback();
    });
    await page.locator('.area-map a').first().click();
    const opacity = () => page.locator('.feed').evaluate((it) => Number(getComputedStyle(it).opacity));
    await expect.poll(opacity, { timeout: 10_000 }).toBeLessThan(0.6);
    expect(await page.locator('.dimmed .headline').count()).toBe(1);
    answer();
    await expect.poll(opacity, { timeout: 10_000 }).toBe(1);
    await expect.poll(() => page.locator('.dimmed').count()).toBe(0);
    await leave();
  });
});
