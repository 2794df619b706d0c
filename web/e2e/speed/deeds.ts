/** What people press, and when it is done. */
import type { Locator, Page } from 'playwright-core';

interface Deed {
  name: string;
  /** The page. */
  at: string;
  /** What stands there before anything is pressed. */
  ready: string;
  /** What comes before, and does not count. */
  prepare?: (page: Page) => Promise<void>;
  act: (page: Page) => Promise<void>;
  /** What holds when the new content is there; `was` is the text of the page before. */
  shown: string;
  back?: (page: Page) => Promise<void>;
}

/** Milliseconds that the pointer rests on something before it presses, as a hand that aims does. */
export const REST = Number(process.env.REST ?? 100);

async function press(what: Locator) {
  await what.hover();
  await what.page().waitForTimeout(REST);
  await what.click();
}

const ROWS = '.list tbody tr[data-warning]';
const changed = `document.querySelector('main').textContent !== was && !document.querySelector('main .dimmed')`;
/** The sentence and the map are of the area in the address. */
const told = `!was.includes(document.querySelector('.headline').textContent)
  && !document.querySelector('.dimmed .headline, .dimmed .area-map')
  && document.querySelector('.area-map a')?.dataset.code.startsWith(new URLSearchParams(location.search).get('area'))`;
/** And so is the rest of the page. */
const whole = `${told} && ${changed} && !document.querySelector('.behind')`;
/** Another one of some elements each time. */
let turn = 0;
const next = (page: Page, selector: string, most: number) => page.locator(selector).nth((turn += 1) % most);

export const DEEDS: Deed[] = [
  {
    name: 'warnings: filter by band',
    at: '/warnings',
    ready: ROWS,
    act: (page) => press(next(page, '.filters button:has(.chip)', 3)),
    shown: `${changed} && document.querySelector('.filters button:has(.chip)[aria-pressed=true]')`,
  },
  {
    name: 'warnings: next row by key',
    at: '/warnings',
    ready: ROWS,
    act: (page) => page.keyboard.press('j'),
    shown: `(window.row ?? 0) !== (window.row = [...document.querySelectorAll('${ROWS}')].findIndex((it) => it.ariaCurrent))`,
  },
  {
    name: 'warnings: select a row by key',
    at: '/warnings',
    ready: ROWS,
    act: (page) => page.keyboard.press(' '),
    shown: changed,
  },
  {
    name: 'warnings: open the explanation',
    at: '/warnings',
    ready: ROWS,
    act: (page) => press(next(page, `${ROWS} .why button`, 12)),
    shown: `document.querySelector('.ant-drawer-open .why-panel')`,
    back: (page) => page.locator('.ant-drawer-close').click(),
  },
  {
    name: 'situation: another measure',
    at: '/',
    ready: '.area-map a',
    prepare: (page) => page.locator('.map-panel .ant-select').click(),
    act: (page) => press(next(page, '.ant-select-item-option', 5)),
    shown: changed,
  },
  {
    name: 'situation: into a county',
    at: '/',
    ready: '.area-map a',
    act: (page) => press(page.locator('.area-map a').first()),
    shown: whole,
    back: async (page) => {
      await page.goBack();
      await page.waitForLoadState('networkidle');
    },
  },
  ...['its sentence and map', 'everything'].map((what) => ({
    name: `situation: into a county, the first press after a load, ${what}`,
    at: '/',
    ready: '.area-map a',
    prepare: async (page: Page) => {
      await page.goto('/');
      await page.locator('.area-map a').first().waitFor();
      await page.waitForLoadState('networkidle');
    },
    act: (page: Page) => press(page.locator('.area-map a').first()),
    shown: what === 'everything' ? whole : told,
  })),
  {
    name: 'scores: filter by band',
    at: '/scores',
    ready: 'tbody tr a',
    // The worst of all are the red ones: those two lists begin alike.
    act: (page) => press(next(page, '.ant-segmented-item:nth-child(n + 3)', 4)),
    shown: changed,
  },
  {
    name: 'from the scores to a household',
    at: '/scores',
    ready: 'tbody tr a',
    act: (page) => press(next(page, 'tbody tr td:first-child a', 30)),
    shown: `document.querySelector('.why-panel')`,
    back: async (page) => {
      await page.goBack();
      await page.locator('tbody tr a').first().waitFor();
    },
  },
  {
    name: 'household: move a slider',
    at: '/households/H000042',
    ready: '.one-slider .ant-slider-handle',
    act: async (page) => {
      await page.locator('.one-slider .ant-slider-handle').first().focus();
      await page.keyboard.press((turn += 1) % 2 ? 'ArrowLeft' : 'ArrowRight');
    },
    shown: changed,
  },
  {
    name: 'policy: another indicator',
    at: '/indicators',
    ready: '.tree button',
    act: (page) => press(next(page, '.tree div button', 20)),
    shown: `${changed} && document.querySelector('main [role=img]')`,
  },
  {
    name: 'situation to warnings',
    at: '/',
    ready: '.nav a',
    act: (page) => press(page.locator('.nav a[href^="/warnings"]')),
    shown: `document.querySelector('${ROWS}')`,
    back: async (page) => {
      await page.goBack();
      await page.locator('.headline').waitFor();
    },
  },
  {
    name: 'another language',
    at: '/warnings',
    ready: ROWS,
    act: (page) => press(page.locator('.toggles button').first()),
    shown: changed,
  },
  {
    name: 'light and dark',
    at: '/warnings',
    ready: ROWS,
    act: (page) => press(page.locator('.toggles button').last()),
    shown: `(window.theme ?? 'light') !== (window.theme = document.documentElement.dataset.theme)`,
  },
];
