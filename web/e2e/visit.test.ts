/** A visit in a village without a network: kept, sent once, and nothing overwritten by itself. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, look, settled } from './browser';
import { ask, choose, LOOKS, ready, visitor } from './pages';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Known {
  fact: string;
  fact_id: string;
  value: string;
  source: string | null;
}

const known = async (page: Page, household: string, fact: string) => {
  const { items } = await ask<{ items: Known[] }>(page, 'GET', `/households/${household}/facts`);
  return items.find((it) => it.fact === fact);
};

const timeline = async (page: Page, household: string, code: string) => {
  const { items } = await ask<{ items: { code?: string | null; source?: string | null }[] }>(page, 'GET', `/households/${household}/timeline?limit=200`);
  return items.filter((it) => it.code === code && it.source === 'visit').length;
};

const submit = (page: Page) => page.locator('form .ant-btn-primary').click();

describe('a visit without a network', () => {
  it.each(LOOKS)('is kept through a reload and sent exactly once: %s', async (name, eyes) => {
    const { session, page, leave } = await visitor(browser, 'li.na', eyes);
    const found: string[] = [];
    const household = eyes.phone ? 'H000021' : 'H000022';
    await page.goto(`/facts/visit?household=${household}`);
    await ready(page);
    await choose(page, '#visit-what', /Debt in all|All debt|负债总额/);
    await page.keyboard.press('Escape');
    await page.locator('#values_debt__total').waitFor();
    const before = await known(page, household, 'debt.total');

    await session.setOffline(true);
    await page.locator('.ant-alert-warning').waitFor();
    await page.locator('#values_debt__total').fill('4321');
    found.push(...(await look(page, `visit-offline-${name}`)));

    // A reload in the middle: the page opens without a network, and what was written is there.
    await page.reload();
    await page.locator('#values_debt__total').waitFor();
    await expect.poll(() => page.locator('#values_debt__total').inputValue()).toBe('4321');
    await submit(page);
    await page.locator('.outbox li').waitFor();
    found.push(...(await look(page, `visit-kept-${name}`)));
    await page.reload();
    await page.locator('.outbox li').waitFor();
    expect(await page.locator('.outbox li').innerText()).toContain('4,321');

    // Back in the network it goes by itself, on whatever page one is.
    const posts: string[] = [];
    page.on('request', (it) => {
      if (it.method() === 'POST' && it.url().endsWith('/facts')) posts.push(it.postData() ?? '');
    });
    await session.setOffline(false);
    await page.locator('.outbox').waitFor({ state: 'detached' });
    expect(posts).toHaveLength(1);
    const after = await known(page, household, 'debt.total');
    expect(after?.value).toBe('4321');
    expect(after?.fact_id).not.toBe(before?.fact_id);
    const sent = await timeline(page, household, 'debt.total');
    expect(sent).toBe(1);

    // The same again, as after an answer that was lost on the way: nothing is added.
    const again = await ask<{ accepted: number; known: number }>(page, 'POST', '/facts', JSON.parse(posts[0] ?? '{}'));
    expect(again).toMatchObject({ accepted: 0, known: 1 });
    expect(await timeline(page, household, 'debt.total')).toBe(sent);
    expect(found).toEqual([]);
    await leave();
  });

  it.each(LOOKS)('shows both values where somebody was faster: %s', async (name, eyes) => {
    const { session, page, leave } = await visitor(browser, 'li.na', eyes);
    const found: string[] = [];
    const household = eyes.phone ? 'H000031' : 'H000032';
    await page.goto(`/facts/visit?household=${household}`);
    await ready(page);
    await choose(page, '#visit-what', /All debt|负债总额/);
    await page.keyboard.press('Escape');
    await page.locator('#values_debt__total').waitFor();
    await expect.poll(() => page.locator('form').innerText()).toMatch(/Known last|最近已知/);
    await session.setOffline(true);
    await page.locator('.ant-alert-warning').waitFor();
    await page.locator('#values_debt__total').fill('1111');
    await submit(page);
    await page.locator('.outbox li').waitFor();

    // Meanwhile a colleague tells the server something else.
    const other = await visitor(browser, 'chief');
    await other.page.goto('/facts');
    const faster = { fact_id: `E2E-${name}`, fact: 'debt.total', value: '2222', valid_from: '2020-06-29', household_id: household, source: 'bank' };
    await ask(other.page, 'POST', '/facts', { facts: [faster] });
    await other.leave();

    await session.setOffline(false);
    await page.locator('.both').waitFor();
    expect(await page.locator('.both b').allInnerTexts()).toEqual([expect.stringContaining('1,111'), expect.stringContaining('2,222')]);
    expect((await known(page, household, 'debt.total'))?.value).toBe('2222');
    found.push(...(await look(page, `visit-conflict-${name}`)));

    const mine = eyes.phone;
    await page.locator('.both .ant-btn').nth(mine ? 0 : 1).click();
    await page.locator('.outbox').waitFor({ state: 'detached' });
    await settled(page);
    expect((await known(page, household, 'debt.total'))?.value).toBe(mine ? '1111' : '2222');
    expect(found).toEqual([]);
    await leave();
  });

  it('waits for whoever wrote it, and leaves nothing of a household behind when they sign out', async () => {
    const { session, page, leave } = await visitor(browser, 'li.na');
    await page.goto('/facts/visit?household=H000041');
    await ready(page);
    await choose(page, '#visit-what', /All debt/);
    await page.keyboard.press('Escape');
    await page.locator('#values_debt__total').waitFor();
    await expect.poll(() => page.locator('form').innerText()).toMatch(/Known last/);
    await session.setOffline(true);
    await page.locator('#values_debt__total').fill('3333');
    await submit(page);
    await page.locator('.outbox li').waitFor();
    expect(await page.evaluate(() => Object.keys(localStorage).filter((it) => it.startsWith('holdfast.kept.')))).not.toEqual([]);

    await page.locator('.who').click();
    await page.locator('.ant-dropdown-menu-item').last().click();
    await page.locator('input[autocomplete=username], .failure').first().waitFor();
    expect(await page.evaluate(() => Object.keys(localStorage).filter((it) => it.startsWith('holdfast.kept.')))).toEqual([]);
    await session.setOffline(false);
    await session.clearCookies();
    await page.goto('/');
    await page.locator('input[autocomplete=username]').fill('chief');
    await page.locator('input[autocomplete=current-password]').fill('correct horse battery');
    await page.locator('button[type=submit]').click();
    await page.locator('main#content').waitFor();
    await page.goto('/facts/visit');
    await page.locator('form').waitFor();
    expect(await page.locator('.outbox').count()).toBe(0);
    expect((await known(page, 'H000041', 'debt.total'))?.value).not.toBe('3333');
    await leave();
  });
});
