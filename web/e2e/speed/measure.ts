/** Clocks in the page itself: what the driver takes does not count. */
import type { Browser, BrowserContext, Page } from 'playwright-core';

export type Session = Awaited<ReturnType<typeof signedIn>>;

interface Who {
  url: string;
  user: string;
  password: string;
}

/** What a context needs to be signed in. */
export async function signedIn(browser: Browser, { url, user, password }: Who) {
  const looks = { baseURL: url, locale: 'en-GB', viewport: { width: 1440, height: 900 } };
  const context = await browser.newContext(looks);
  const page = await context.newPage();
  await page.goto('/');
  await page.locator('input[autocomplete=username]').fill(user);
  await page.locator('input[autocomplete=current-password]').fill(password);
  await page.locator('button[type=submit]').click();
  await page.locator('main#content').waitFor();
  const storageState = await context.storageState();
  await context.close();
  return { ...looks, storageState };
}

declare global {
  interface Window {
    timed: Promise<number>;
    largest: number;
  }
}

/** From the start of the navigation until an element stands there and was painted. */
export async function firstView(context: BrowserContext, path: string, shown: string) {
  const page = await context.newPage();
  await page.addInitScript((selector) => {
    window.largest = 0;
    new PerformanceObserver((list) => {
      for (const it of list.getEntries()) window.largest = it.startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    window.timed = new Promise((done) => {
      const look = () => {
        // After the frame that holds it was painted.
        if (document.querySelector(selector)) setTimeout(() => done(performance.now()));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }, shown);
  await page.goto(path);
  const took = await page.evaluate(() => window.timed);
  await page.waitForLoadState('networkidle');
  const largest = await page.evaluate(() => window.largest);
  await page.close();
  return { shown: took, largest };
}

/** From the press of a button or key until `shown` holds in the page and was painted. */
export async function timed(page: Page, act: () => Promise<void>, shown: string): Promise<number> {
  await page.evaluate((condition) => {
    const holds = new Function('was', `return (${condition})`) as (was: string) => boolean;
    const was = document.querySelector('main')?.textContent ?? '';
    window.timed = new Promise((done, fail) => {
      setTimeout(() => fail(new Error(`never held: ${condition}`)), 15_000);
      let from: number | undefined;
      const pressed = (event: Event) => {
        from ??= event.timeStamp;
      };
      addEventListener('pointerdown', pressed, { capture: true, once: true });
      addEventListener('keydown', pressed, { capture: true, once: true });
      const look = () => {
        const since = from;
        if (since !== undefined && holds(was)) setTimeout(() => done(performance.now() - since));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
  }, shown);
  await act();
  return page.evaluate(() => window.timed);
}
