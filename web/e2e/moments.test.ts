/** The past beside the present, and what is done with lists of an area. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { barriers, context, launch, settled, shot, signIn, type Eyes } from './browser';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const LOOKS: [string, Eyes][] = [
  ['light', {}],
  ['dark-zh', { dark: true, language: 'zh' }],
  ['phone', { phone: true }],
];

async function visitor(eyes: Eyes = {}): Promise<Page> {
  const page = await (await context(browser, eyes)).newPage();
  await signIn(page, 'chief');
  await settled(page);
  return page;
}

const ask = <T>(page: Page, path: string) =>
  page.evaluate(async (it) => (await fetch(`/api/v1${it}`)).json() as unknown, path) as Promise<T>;

/** The village with the most warnings. */
async function village(page: Page): Promise<string> {
  let area = '';
  for (let depth = 0; depth < 6; depth += 1) {
    const counts = await ask<{ area: Record<string, number> }>(page, `/warnings/counts?area=${area}`);
    const [first] = Object.entries(counts.area).toSorted((a, b) => b[1] - a[1]);
    if (!first || first[0] === area) break;
    area = first[0];
  }
  return area;
}

describe('a period', () => {
  it.each(LOOKS)('is chosen by keyboard and kept from page to page: %s', async (look, eyes) => {
    const page = await visitor(eyes);
    const found: string[] = [];
    await page.locator('.bar-when > button').focus();
    await page.keyboard.press('Enter');
    await page.locator('.when-chooser input[role=combobox]').waitFor();
    await settled(page);
    await shot(page, `when-chooser-${look}`);
    found.push(...(await barriers(page, `chooser, ${look}`)));
    await page.locator('.when-chooser button:not([disabled])').first().focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/period=/);
    const period = new URL(page.url()).searchParams.get('period') ?? '';
    await page.keyboard.press('Escape');
    await page.locator('.when-chooser').waitFor({ state: 'hidden' });
    await settled(page);
    found.push(...(await barriers(page, `past, ${look}`)));
    const all = await ask<{ households: number; need_visit: number }>(page, `/situation/summary?period=${period}`);
    const told = (await page.locator('.headline').innerText()).replaceAll(',', '');
    expect(told).toContain(String(all.need_visit));
    if (!eyes.phone) {
      await page.locator('.nav a[href^="/scores"]').click();
      await page.waitForURL(/\/scores\?.*period=/);
      await page.locator('.nav a[href^="/warnings"]').click();
      await page.waitForURL(/\/warnings\?.*period=/);
      await page.locator('.moment-note', { hasText: /shows the present|本页显示现在/ }).waitFor();
      await shot(page, `when-note-${look}`);
      await page.locator('.moment-note button').click();
      await page.waitForURL((it) => !it.search.includes('period'));
      expect(await page.locator('.moment-note').count()).toBe(0);
    }
    expect(found).toEqual([]);
    await page.context().close();
  });

  it('shows a household as it was in it, and as that was known then', async () => {
    const page = await visitor();
    const { items } = await ask<{ items: { household_id: string }[] }>(page, '/households?limit=1');
    const id = items[0]?.household_id ?? '';
    const moment = 'period=2020-03&as_of=2020-04-10T00:00:00Z';
    const then = await ask<{ composite: number }>(page, `/households/${id}/explanation?${moment}`);
    const now = await ask<{ composite: number }>(page, `/households/${id}/explanation`);
    expect(then.composite).not.toBe(now.composite);
    await page.goto(`/households/${id}?${moment}`);
    await page.locator('.contributions li').first().waitFor();
    expect(await page.locator('.who-header .tab b').first().innerText()).toBe(String(Math.round(then.composite * 10) / 10));
    expect(await page.locator('.moment-note').innerText()).toContain('2020');
    await page.context().close();
  });
});

describe('the scores of a band', () => {
  it('are those of all its households, not of the loaded ones', async () => {
    const page = await visitor();
    const { bands } = await ask<{ bands: Record<string, number> }>(page, '/situation/summary');
    await page.goto('/scores?band=blue');
    await page.locator('tbody tr').first().waitFor();
    const more = page.locator('main .ant-btn-block');
    while ((await more.count()) > 0) {
      const before = await page.locator('tbody tr').count();
      await more.click();
      await page.waitForFunction((it) => document.querySelectorAll('tbody tr').length > it || !document.querySelector('main .ant-btn-block'), before);
    }
    expect(await page.locator('tbody tr').count()).toBe(bands.blue);
    await page.context().close();
  });
});

describe('a visit list', () => {
  it.each(LOOKS)('is printed without names and health: %s', async (look, eyes) => {
    const page = await visitor(eyes);
    const area = await village(page);
    await page.goto(`/warnings?area=${area}`);
    await page.locator('a[href^="/panel/visit-list"]').click();
    await page.locator('.visit-list tbody tr').first().waitFor();
    await settled(page);
    const found = await barriers(page, `visit list, ${look}`);
    const { total } = await ask<{ total: number }>(page, `/warnings/counts?area=${area}`);
    expect(area.length).toBeGreaterThan(6);
    expect(await page.locator('.visit-list tbody tr').count()).toBe(total);
    expect(await page.locator('.visit-list header svg').count()).toBe(1);
    const text = await page.locator('.visit-list').innerText();
    expect(text).toContain('Simulated');
    const policy = await ask<{ modules: { dimensions: { id: string; indicators: { label: { en: string; zh: string } }[] }[] }[] }>(page, '/policy');
    const health = policy.modules.flatMap((it) => it.dimensions).filter((it) => it.id === 'health');
    expect(health.length).toBe(1);
    for (const { label } of health.flatMap((it) => it.indicators)) {
      expect(text).not.toContain(eyes.language === 'zh' ? label.zh : label.en);
    }
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.bar').isVisible()).toBe(false);
    expect(await page.locator('.visit-list').evaluate((it) => getComputedStyle(it).color)).toBe('rgb(0, 0, 0)');
    await shot(page, `visit-list-${look}`);
    expect(found).toEqual([]);
    await page.context().close();
  });
});

describe('warnings', () => {
  it('go back to whoever had them when an assignment is undone', async () => {
    const page = await visitor();
    await page.goto('/warnings');
    const row = page.locator('tbody tr[data-warning]').first();
    await row.waitFor();
    const assign = async (name: string) => {
      await row.locator('input[type=checkbox]').check();
      await page.locator('.tools .ant-btn', { hasText: 'Assign' }).click();
      await page.locator('.ant-modal #assignee').fill(name);
      await page.locator('.ant-modal .ant-btn-primary').click();
      await row.locator('td:nth-child(8)', { hasText: name }).waitFor();
    };
    await assign('deputy');
    await assign('chief');
    await page.locator('.ant-notification-notice .ant-btn').last().click();
    await row.locator('td:nth-child(8)', { hasText: 'deputy' }).waitFor();
    await page.context().close();
  });
});

describe('an exported file', () => {
  it('says in its name that its rows are simulated', async () => {
    const page = await visitor();
    const named = await page.evaluate(async () => {
      const answer = await fetch('/api/v1/exports/scores?format=csv');
      return answer.headers.get('content-disposition');
    });
    expect(named).toBe('attachment; filename="scores-simulated.csv"');
    await page.context().close();
  });
});
