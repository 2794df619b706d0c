/** A fact is entered in a form that the pack made, and corrected. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, look } from './browser';
import { ask, choose, dialog, LOOKS, primary, visitor } from './pages';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Known {
  fact: string;
  value: string;
  fact_id: string;
  member_id: string | null;
}

describe('a fact', () => {
  it.each(LOOKS)('is entered as the pack asks for it: %s', async (name, eyes) => {
    const { page, leave } = await visitor(browser, 'li.na', eyes);
    const found: string[] = [];
    const household = eyes.phone ? 'H000051' : 'H000052';
    const known = async (fact: string) => {
      const { items } = await ask<{ items: Known[] }>(page, 'GET', `/households/${household}/facts`);
      return items.find((it) => it.fact === fact);
    };
    await page.goto(`/households/${household}`);
    await page.locator('.known tr').first().waitFor();

    const debt = page.locator('.known tr', { hasText: /Debt in all|All debt|负债总额/ }).first();
    await debt.locator('button').click();
    await dialog(page).locator('#value').waitFor();
    // Outside of what the pack finds plausible nothing is sent.
    await dialog(page).locator('#value').fill('-5');
    await dialog(page).locator('#reason').fill('read wrongly');
    await primary(page).click();
    await dialog(page).locator('.ant-form-item-explain-error').waitFor();
    found.push(...(await look(page, `fact-correct-${name}`)));
    expect((await known('debt.total'))?.value).not.toBe('0');
    await dialog(page).locator('#value').fill('777');
    await primary(page).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await expect.poll(async () => (await known('debt.total'))?.value).toBe('777');
    // Why is told beside what, and by whom.
    await page.locator('.timeline .reason', { hasText: 'read wrongly' }).first().waitFor();

    // A new one, of a member: yes or no stands in words, and is kept as the server keeps it.
    await page.locator('.ant-btn', { hasText: /Enter a fact|录入事实/ }).first().click();
    await choose(page, '.ant-modal #fact', eyes.phone ? '慢性病人数' : 'Members with a chronic illness');
    await choose(page, '.ant-modal #member_id', /./);
    await choose(page, '.ant-modal #value', /Yes|是/);
    found.push(...(await look(page, `fact-enter-${name}`)));
    await primary(page).click();
    await dialog(page).waitFor({ state: 'hidden' });
    await expect.poll(async () => (await known('medical.chronic'))?.value).toBe('true');
    expect((await known('medical.chronic'))?.member_id).toMatch(household);
    expect(found).toEqual([]);
    await leave();
  });

  it('says in the list what the policy asks for, in words', async () => {
    const { page, leave } = await visitor(browser, 'li.na', { language: 'zh' });
    await page.goto('/facts');
    await page.locator('tbody tr').first().waitFor();
    expect(await look(page, 'facts-zh')).toEqual([]);
    const units = await page.locator('tbody td:nth-child(3)').allInnerTexts();
    expect(units.filter((it) => /yuan|person|litre|month/.test(it))).toEqual([]);
    await leave();
  });
});
