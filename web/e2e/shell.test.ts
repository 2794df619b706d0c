/** What surrounds the pages: installing, keys, signing in, and what is said when something is not there. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { context, launch, look } from './browser';
import { dialog, LOOKS, ready, visitor } from './pages';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

describe('the app', () => {
  it('can be installed', async () => {
    const { session, page, leave } = await visitor(browser, 'chief');
    await page.goto('/facts');
    await ready(page);
    const chrome = await session.newCDPSession(page);
    const manifest = await chrome.send('Page.getAppManifest');
    expect(manifest.errors).toEqual([]);
    const icons = (JSON.parse(manifest.data ?? '{}') as { icons: { src: string }[] }).icons;
    for (const { src } of icons) expect((await page.request.get(src)).status(), src).toBe(200);
    const { installabilityErrors } = await chrome.send('Page.getInstallabilityErrors');
    // A window that keeps nothing cannot keep an app; nothing else is wrong.
    expect(installabilityErrors.map((it) => it.errorId).filter((it) => it !== 'in-incognito')).toEqual([]);
    await leave();
  });

  it('is asked for anew each time, and its files are kept as long as they are named so', async () => {
    const kept = async (path: string) => (await fetch(inject('url') + path, { headers: { accept: 'text/html' } })).headers.get('cache-control');
    const page = await (await fetch(inject('url'), { headers: { accept: 'text/html' } })).text();
    const script = /\/assets\/[^"]+\.js/.exec(page)?.[0] ?? '';
    expect(script).not.toBe('');
    expect(await kept('/sw.js')).toBe('no-cache');
    expect(await kept('/')).toBe('no-cache');
    expect(await kept('/manifest.webmanifest')).toBe('no-cache');
    // A server of this project says so; one that only shows the UI before it does not.
    if (!process.env.HOLDFAST_UI) expect(await kept(script)).toBe('public, max-age=31536000, immutable');
  });

  it.each(LOOKS)('shows its keys, and they lead where they say: %s', async (name, eyes) => {
    const { page, leave } = await visitor(browser, 'chief', eyes);
    await page.goto('/');
    await page.locator('.headline').waitFor();
    await page.keyboard.press('?');
    await dialog(page).waitFor();
    expect(await look(page, `keys-${name}`)).toEqual([]);
    // Behind the dialog nothing moves.
    await page.keyboard.press('g');
    await page.keyboard.press('w');
    expect(new URL(page.url()).pathname).toBe('/');
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'hidden' });
    for (const [key, path] of [['w', '/warnings'], ['p', '/panel'], ['f', '/facts'], ['i', '/indicators'], ['m', '/mine'], ['v', '/facts/visit'], ['s', '/']] as const) {
      await page.keyboard.press('g');
      await page.keyboard.press(key);
      await page.waitForURL((it) => it.pathname === path);
    }
    await leave();
  });

  it('says that there is no such page, and leads back', async () => {
    const { page, leave } = await visitor(browser, 'chief');
    await page.goto('/no/such/page');
    await page.locator('.failure').waitFor();
    expect(await look(page, 'no-such-page')).toEqual([]);
    await page.locator('.failure a').click();
    await page.locator('.headline').waitFor();
    await leave();
  });

  it('says what a role may not see, and what nobody filled yet', async () => {
    const { page, leave } = await visitor(browser, 'figures');
    await page.goto('/panel');
    await page.locator('.failure').waitFor();
    expect(await look(page, 'forbidden')).toEqual([]);
    await leave();
    const chief = await visitor(browser, 'chief');
    await chief.page.goto('/panel?q=zzzz');
    await chief.page.locator('.empty').waitFor();
    expect(await look(chief.page, 'panel-empty')).toEqual([]);
    await chief.leave();
  });

  it('says that the server does not answer, keeps what is shown, and goes on by itself', async () => {
    const { session, page, leave } = await visitor(browser, 'chief');
    await page.goto('/panel');
    await page.locator('tbody tr').first().waitFor();
    await ready(page);
    await session.setOffline(true);
    await page.goto('/search?q=H00001');
    await page.locator('.failure').waitFor();
    expect(await look(page, 'offline-search')).toEqual([]);
    await session.setOffline(false);
    await page.locator('.cards li').first().waitFor();
    await leave();
  });
});

describe('signing in elsewhere', () => {
  it.each(LOOKS)('that failed says why: %s', async (name, eyes) => {
    const session = await context(browser, eyes);
    const page = await session.newPage();
    const told = new Set<string>();
    for (const code of ['A009', 'A010', 'A011', 'Z999', '<b>nonsense']) {
      await page.goto(`/?problem=${encodeURIComponent(code)}`);
      const alert = page.locator('.ant-alert-error');
      await alert.waitFor();
      const text = await alert.innerText();
      expect(text).not.toContain('nonsense');
      told.add(text);
    }
    expect(told.size).toBe(5);
    await page.goto('/?problem=A010');
    await page.locator('.ant-alert-error').waitFor();
    expect(await look(page, `problem-${name}`)).toEqual([]);
    await page.locator('input[autocomplete=username]').fill('chief');
    await page.locator('input[autocomplete=current-password]').fill('not the password');
    await page.locator('button[type=submit]').click();
    await page.locator('.refusal').waitFor();
    expect(await look(page, `wrong-password-${name}`)).toEqual([]);
    await page.locator('input[autocomplete=current-password]').fill(inject('password'));
    await page.locator('button[type=submit]').click();
    await page.locator('main#content').waitFor();
    expect(page.url()).not.toContain('problem');
    await session.close();
  });
});

describe('the worker', () => {
  it('keeps the shell and never an answer of the API', async () => {
    const { page, leave } = await visitor(browser, 'chief');
    await page.goto('/households/H000001');
    await ready(page);
    await page.locator('.contributions').first().waitFor();
    const kept = await page.evaluate(async () => {
      const names = await caches.keys();
      const all = await Promise.all(names.map(async (it) => (await caches.open(it)).keys()));
      return all.flat().map((it) => new URL(it.url).pathname);
    });
    expect(kept).toContain('/index.html');
    expect(kept.filter((it) => it.startsWith('/api') || it.startsWith('/households'))).toEqual([]);
    expect(kept.length).toBeGreaterThan(20);
    await leave();
  });
});
