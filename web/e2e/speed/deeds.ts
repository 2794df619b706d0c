/** What people press, and when it is done. */
import type { Page } from 'playwright-core';

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

const ROWS = '.list tbody tr[data-warning]';
const changed = `document.querySelector('main').textContent !== was && !document.querySelector('main .dimmed')`;
/** Another one of some elements each time. */
let turn = 0;
const next = (page: Page, selector: string, most: number) => page.locator(selector).nth((turn += 1) % most);

export const DEEDS: Deed[] = [
  {
    name: 'warnings: filter by band',
    at: '/warnings',
    ready: ROWS,
    act: (page) => next(page, '.filters button:has(.chip)', 3).click(),
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
    act: (page) => next(page, `${ROWS} .why button`, 12).click(),
    shown: `document.querySelector('.ant-drawer-open .why-panel')`,
    back: (page) => page.locator('.ant-drawer-close').click(),
  },
  {
    name: 'situation: another measure',
    at: '/',
    ready: '.area-map a',
    prepare: (page) => page.locator('.map-panel .ant-select').click(),
    act: (page) => next(page, '.ant-select-item-option', 5).click(),
    shown: changed,
  },
  {
    name: 'situation: into a county',
    at: '/',
    ready: '.area-map a',
    act: (page) => page.locator('.area-map a').first().click(),
    shown: `${changed} && document.querySelector('.area-map a')`,
    back: async (page) => {
      await page.goBack();
      await page.waitForLoadState('networkidle');
    },
  },
  {
    name: 'scores: filter by band',
    at: '/scores',
    ready: 'tbody tr a',
    // The worst of all are the red ones: those two lists begin alike.
    act: (page) => next(page, '.ant-segmented-item:nth-child(n + 3)', 4).click(),
    shown: changed,
  },
  {
    name: 'from the scores to a household',
    at: '/scores',
    ready: 'tbody tr a',
    act: (page) => next(page, 'tbody tr td:first-child a', 30).click(),
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
    act: (page) => next(page, '.tree div button', 20).click(),
    shown: `${changed} && document.querySelector('main [role=img]')`,
  },
  {
    name: 'situation to warnings',
    at: '/',
    ready: '.nav a',
    act: (page) => page.locator('.nav a[href^="/warnings"]').click(),
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
    act: (page) => page.locator('.toggles button').first().click(),
    shown: changed,
  },
  {
    name: 'light and dark',
    at: '/warnings',
    ready: ROWS,
    act: (page) => page.locator('.toggles button').last().click(),
    shown: `(window.theme ?? 'light') !== (window.theme = document.documentElement.dataset.theme)`,
  },
];
