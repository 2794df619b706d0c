/** Debian's Chromium, and people who sign in with it. */
import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { inject } from 'vitest';

export const screens = join(import.meta.dirname, 'screens');
mkdirSync(screens, { recursive: true });

export function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Eyes {
  language?: 'en' | 'zh';
  dark?: boolean;
  phone?: boolean;
}

export async function context(browser: Browser, eyes: Eyes = {}): Promise<BrowserContext> {
  const it = await browser.newContext({
    baseURL: inject('url'),
    locale: eyes.language === 'zh' ? 'zh-CN' : 'en-GB',
    colorScheme: eyes.dark ? 'dark' : 'light',
    viewport: eyes.phone ? { width: 390, height: 844 } : { width: 1440, height: 900 },
    hasTouch: eyes.phone,
    serviceWorkers: 'allow',
  });
  // Nothing takes so long; who waits longer waits for what will not come.
  it.setDefaultTimeout(15_000);
  // Whoever asks another machine for anything has failed.
  await it.route('**/*', (route) => {
    const isOurs = route.request().url().startsWith(inject('url'));
    return isOurs ? route.fallback() : route.abort();
  });
  return it;
}

export async function signIn(page: Page, name: string) {
  await page.goto('/');
  await page.locator('input[autocomplete=username]').fill(name);
  await page.locator('input[autocomplete=current-password]').fill(inject('password'));
  await page.locator('button[type=submit]').click();
  await page.locator('main#content').waitFor();
}

/** What axe finds serious on a page, as texts that say where. */
export async function barriers(page: Page, where: string, within = 'html'): Promise<string[]> {
  const found = await new AxeBuilder({ page })
    .include(within)
    // There are no frames: no second page is opened to gather what they say.
    .setLegacyMode(true)
    .options({ resultTypes: ['violations'] })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const serious = found.violations.filter((it) => /serious|critical/.test(it.impact ?? ''));
  return serious.flatMap((it) =>
    it.nodes.slice(0, 3).map((node) => `${where}: ${it.id}: ${node.html.slice(0, 200)} ${(node.any[0]?.message ?? '').slice(0, 200)}`),
  );
}

/** Nothing loads and nothing moves any more. */
export async function settled(page: Page) {
  // A page whose code has not come yet moves as little as one that is done.
  await page.locator('main > *').first().waitFor({ state: 'attached' });
  await page.locator('.placeholder, .ant-spin-spinning').first().waitFor({ state: 'detached', timeout: 15_000 }).catch(() => undefined);
  // Charts are drawn after the words.
  await page.waitForFunction(() =>
    [...document.querySelectorAll('.chart')].every((it) => it.querySelector('svg path') !== null),
  );
  await page.waitForFunction(() =>
    document.getAnimations().every((it) => it.playState !== 'running' || it.effect?.getTiming().iterations === Infinity),
  );
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
}

export const shot = (page: Page, name: string) =>
  page.screenshot({ path: join(screens, `${name}.png`) });

/** A picture, and what axe finds serious; `within` a part, where others lie behind it. */
export async function look(page: Page, name: string, within?: string): Promise<string[]> {
  await settled(page);
  await shot(page, name);
  return barriers(page, name, within);
}
