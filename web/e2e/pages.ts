/** How pages are tried: by somebody, with some eyes, and without a fault on the way. */
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { expect, inject } from 'vitest';
import { context, type Eyes } from './browser';

export interface Visitor {
  session: BrowserContext;
  page: Page;
  /** Ends the visit; nothing may have gone wrong behind the page. */
  leave: () => Promise<void>;
}

export async function visitor(browser: Browser, name: string, eyes: Eyes = {}): Promise<Visitor> {
  const session = await context(browser, eyes);
  const page = await session.newPage();
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  // By request: the page of signing in is tried where it is the point.
  const answer = await session.request.post('/api/v1/sign-in', {
    headers: { 'X-Holdfast': '1' },
    data: { name, password: inject('password') },
  });
  expect(answer.status()).toBe(204);
  const leave = async () => {
    expect(faults).toEqual([]);
    await session.close();
  };
  return { session, page, leave };
}

/** A browser of a desk in English, and one of a phone in Chinese and dark. */
export const LOOKS: [string, Eyes][] = [
  ['desk', {}],
  ['phone-zh', { phone: true, language: 'zh', dark: true }],
];

/** Asks the server as the one who is signed in there. */
export async function ask<T>(page: Page, method: string, path: string, body?: unknown): Promise<T> {
  return page.evaluate(
    async ([how, where, what]) => {
      const headers = { 'X-Holdfast': '1', 'Content-Type': 'application/json' };
      const answer = await fetch(`/api/v1${where}`, { method: how, headers, body: what ?? undefined });
      const text = await answer.text();
      if (!answer.ok) throw new Error(`${how} ${where}: ${answer.status} ${text}`);
      return text ? JSON.parse(text) : undefined;
    },
    [method, path, body === undefined ? null : JSON.stringify(body)] as const,
  ) as Promise<T>;
}

export const dialog = (page: Page) => page.locator('.ant-modal');
export const primary = (page: Page) => page.locator('.ant-modal .ant-btn-primary');

/** Picks from a list of Ant Design by what stands in it. */
export async function choose(page: Page, field: string, option: string | RegExp) {
  // The list before it goes first: two would be one too many to choose from.
  const list = page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)');
  await list.waitFor({ state: 'hidden' });
  await page.locator(field).click();
  // A long list draws what is near: what is meant is typed.
  if (typeof option === 'string') await page.keyboard.type(option);
  const item = list.locator('.ant-select-item-option', { hasText: option }).first();
  const chosen = list.locator('.ant-select-item-option-selected', { hasText: option }).first();
  // On a busy machine a list may be drawn anew under the pointer, and what was pressed is gone.
  for (let attempt = 1; attempt <= 3; attempt += 1) {
    await item.click();
    // A list of one goes when it has its answer; a list of many stays and marks it.
    const answers = [list.waitFor({ state: 'hidden', timeout: 4000 }), chosen.waitFor({ timeout: 4000 })];
    if (await Promise.any(answers).then(() => true, () => false)) return;
  }
  throw new Error(`nothing could be chosen in ${field}`);
}

/** The worker has everything that pages need. */
export async function ready(page: Page) {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready;
    if (!navigator.serviceWorker.controller) {
      await new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done, { once: true }));
    }
  });
}
