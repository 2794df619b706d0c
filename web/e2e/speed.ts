/**
 * How fast the pages are, in a real browser on a simulated city: `npm run speed`. It prints and asserts
 * nothing: a time is of one machine at one moment.
 *
 * `HOLDFAST_URL`, `HOLDFAST_USER` and `HOLDFAST_PASSWORD` name a server that runs already; else one is
 * started over `HOUSEHOLDS` (4,590). `RUNS` is how often each thing is done (7), `REST` how many milliseconds
 * the pointer rests on something before it presses (100; 0: no hand is so quick). Words after the command choose
 * what is pressed: `npm run speed -- warnings`.
 */
import { loadavg } from 'node:os';
import { chromium, type Browser } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import setup from './server';
import { DEEDS, REST } from './speed/deeds';
import { firstView, signedIn, timed, type Session } from './speed/measure';
import { PAGES } from './speed/pages';
import { figures, table } from './speed/table';

const RUNS = Number(process.env.RUNS ?? 7);

export default async function speed() {
  process.env.HOUSEHOLDS ??= '4590';
  const given = new Map<string, string>();
  const project = { provide: (key: string, value: string) => given.set(key, value) };
  const stop = await setup(project as unknown as TestProject);
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: ['--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  const session = await signedIn(browser, {
    url: given.get('url') ?? '',
    user: process.env.HOLDFAST_USER ?? 'chief',
    password: given.get('password') ?? '',
  });
  const load = loadavg()[0]?.toFixed(1);
  say(`${RUNS} runs each; the pointer rests ${REST} ms before it presses; load of the machine ${load}\n`);
  const only = process.argv.slice(3);
  if (only.length === 0) await views(browser, session);
  await deeds(browser, session, only);
  await browser.close();
  await stop?.();
}

async function views(browser: Browser, session: Session) {
  const rows: string[][] = [];
  for (const [name, path, shown] of PAGES) {
    const cold: number[] = [];
    const largest: number[] = [];
    const warm: number[] = [];
    for (let n = 0; n < RUNS; n += 1) {
      const context = await browser.newContext(session);
      const first = await firstView(context, path, shown);
      cold.push(first.shown);
      largest.push(first.largest);
      warm.push((await firstView(context, path, shown)).shown);
      await context.close();
    }
    rows.push([name, figures(cold), figures(largest), figures(warm)]);
  }
  say(table(['first view, ms', 'content shown', 'largest paint', 'with what is cached'], rows));
}

async function deeds(browser: Browser, session: Session, only: string[]) {
  const rows: string[][] = [];
  const all: number[] = [];
  const wanted = DEEDS.filter((it) => only.every((word) => it.name.includes(word)));
  for (const deed of wanted) {
    const context = await browser.newContext(session);
    const page = await context.newPage();
    await page.goto(deed.at);
    await page.locator(deed.ready).first().waitFor();
    await page.waitForLoadState('networkidle');
    const took: number[] = [];
    for (let n = 0; n < RUNS; n += 1) {
      await deed.prepare?.(page);
      const ms = await timed(page, () => deed.act(page), deed.shown).catch(() => undefined);
      if (ms === undefined) say(`${deed.name}: nothing came, ${page.url()}`);
      else took.push(ms);
      await deed.back?.(page);
      await page.waitForTimeout(300);
    }
    all.push(...took);
    rows.push([deed.name, figures(took)]);
    await context.close();
  }
  rows.push(['all of them', figures(all)]);
  say(table(['from the press to the next paint, ms', 'median · p95'], rows));
}

function say(text: string) {
  process.stdout.write(`${text}\n`);
}
