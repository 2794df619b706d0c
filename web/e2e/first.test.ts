/** What is asked for a first view: each thing once, and nothing for nobody. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { context, launch } from './browser';
import { visitor } from './pages';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

const PAGES = [
  '/',
  '/?area=610204',
  '/warnings',
  '/warnings?band=red&area=610204',
  '/scores?band=orange',
  '/households/H000042',
  '/indicators',
  '/mine',
  '/facts',
];

/** Questions of the page from now on, in the order in which they were asked. */
function questions(page: Page): string[] {
  const asked: string[] = [];
  page.on('request', (it) => {
    const { pathname, search } = new URL(it.url());
    if (it.method() === 'GET' && pathname.startsWith('/api/v1/')) asked.push(pathname.slice(7) + search);
  });
  return asked;
}

describe('a first view', () => {
  it.each(PAGES)('asks nothing twice, and its first questions before its code has come: %s', async (path) => {
    const { session, page, leave } = await visitor(browser, 'chief');
    // Who was here before asks ahead.
    await page.goto('/facts/visit');
    await page.waitForLoadState('networkidle');
    await page.evaluate(async () => {
      for (const it of await navigator.serviceWorker.getRegistrations()) await it.unregister();
    });
    await page.close();
    const next = await session.newPage();
    const asked = questions(next);
    // The code of the pages does not come before something else than who it is was asked.
    await next.route(/\/shell-[^/]+\.js$/, async (route) => {
      await expect.poll(() => asked.some((it) => it !== '/me'), { timeout: 10_000 }).toBe(true);
      await route.fallback();
    });
    await next.goto(path);
    await next.waitForLoadState('networkidle');
    expect(asked.filter((it, at) => asked.indexOf(it) !== at)).toEqual([]);
    expect(asked.length).toBeGreaterThan(1);
    await leave();
  });

  it('of somebody who is not signed in asks who it is and how to sign in, nothing else', async () => {
    const session = await context(browser);
    const page = await session.newPage();
    const asked = questions(page);
    await page.goto(`${inject('url')}/warnings`);
    await page.locator('input[autocomplete=username]').waitFor();
    await page.waitForLoadState('networkidle');
    expect(asked.toSorted()).toEqual(['/me', '/sign-in/providers']);
    await session.close();
  });
});
