/** A file of an office comes in: dropped, matched, tried, written, and what was bad given back. */
import type { Browser, Page } from 'playwright-core';
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { launch, look } from './browser';
import { ask, LOOKS, primary, visitor } from './pages';

let browser: Browser;
beforeAll(async () => {
  browser = await launch();
});
afterAll(() => browser.close());

interface Targets {
  targets: { name: string; label: { en: string; zh: string } }[];
}

const ROWS = 400;
/** The columns of an office, and two rows of many that cannot be taken, far behind the first page. */
function township(debt: number): string {
  const rows = Array.from({ length: ROWS }, (_, n) => {
    const bad = n === 350 ? 'many' : n === 360 ? '-1e99' : String(debt + n);
    return `H${String(n).padStart(6, '0')},${bad},2020-06-28,simulated 模拟数据`;
  });
  return ['户编号,欠款,日期,备注', ...rows].join('\n');
}

async function drop(page: Page, name: string, text: string) {
  const data = await page.evaluateHandle(
    ([title, content]) => {
      const it = new DataTransfer();
      it.items.add(new File([content], title, { type: 'text/csv' }));
      return it;
    },
    [name, text] as const,
  );
  await page.dispatchEvent('.drop', 'drop', { dataTransfer: data });
}

const over = (page: Page) => page.locator('.progress .ant-progress-status-success').waitFor({ timeout: 60_000 });
const figure = (page: Page, word: RegExp) =>
  page.locator('.figures div', { hasText: word }).locator('dd').innerText();

describe('a file', () => {
  it.each(LOOKS)('is tried before it is written, and its bad rows come back: %s', async (name, eyes) => {
    const { page, leave } = await visitor(browser, 'chief', eyes);
    const found: string[] = [];
    await page.goto('/facts/imports');
    await page.locator('.ant-segmented-item', { hasText: /Households|^户$/ }).click();
    await drop(page, `${name}.csv`, township(eyes.phone ? 700 : 500));
    await page.locator('.defaults').waitFor();

    // The office's word for debt is not the pack's: a person says what it is, and keeps that.
    const column = page.locator('tr', { hasText: '欠款' }).locator('.ant-select');
    const path = '/imports/columns?kind=households&filename=x.csv';
    const { targets } = await ask<Targets>(page, 'POST', path, 'x');
    const label = targets.find((it) => it.name === 'debt.total')?.label[eyes.language ?? 'en'] ?? '';
    await column.click();
    await page.keyboard.type(label);
    const option = page.locator('.ant-select-item-option', { hasText: label }).first();
    await option.waitFor();
    found.push(...(await look(page, `import-columns-${name}`)));
    await option.click();
    await page.locator(`input[maxlength="60"]`).fill(`columns of ${name}`);
    await page.locator('.ant-btn', { hasText: /^Keep$|^保存$/ }).click();
    await page.locator('.ant-message').waitFor();

    // The dry run writes nothing and puts the bad rows on top.
    await page.locator('.ant-btn-primary', { hasText: /Try|试运行/ }).click();
    await over(page);
    await page.locator('.preview tbody tr.bad').first().waitFor();
    found.push(...(await look(page, `import-dry-${name}`)));
    expect(await figure(page, /^rows|行数/)).toBe(String(ROWS));
    expect(await figure(page, /not taken|剔除/)).toBe('2');
    const first = page.locator('.preview tbody tr').first();
    expect(await first.locator('td').first().innerText()).toBe('352');
    expect(await first.locator('.bad-cell').innerText()).toBe('many');
    const debt = () =>
      ask<{ items: { fact: string; value: string }[] }>(page, 'GET', '/households/H000003/facts').then(
        (it) => it.items.find((one) => one.fact === 'debt.total')?.value,
      );
    const wanted = String((eyes.phone ? 700 : 500) + 3);
    expect(await debt()).not.toBe(wanted);

    // What is not taken can be fetched as the same file with the reason in its row.
    const [rejects] = await Promise.all([
      page.waitForEvent('download'),
      page.locator('a', { hasText: /CSV/ }).click(),
    ]);
    const text = readFileSync((await rejects.path()) ?? '', 'utf8');
    expect(text.split('\n')[0]).toBe('户编号,欠款,日期,备注,error');
    expect(text).toContain('many');

    await page.locator('.ant-btn-primary', { hasText: /Write|正式写入/ }).click();
    await page.locator('.ant-btn', { hasText: /Another file|导入另一个/ }).waitFor();
    await over(page);
    await page.locator('.preview tbody tr').first().waitFor();
    found.push(...(await look(page, `import-done-${name}`)));
    expect(await debt()).toBe(wanted);

    // It stands in the list of jobs, and opens again from there.
    await page.locator('.ant-btn', { hasText: /Another file|导入另一个/ }).click();
    await page.locator('td a', { hasText: `${name}.csv` }).first().click();
    await page.waitForURL(/job=/);
    await page.locator('.preview tbody tr.bad').first().waitFor();
    found.push(...(await look(page, `import-job-${name}`)));

    // Undone after it was said what that does; the undo is undone in the same way.
    await page.locator('.panel .ant-btn', { hasText: /Undo the import|撤销导入/ }).click();
    await page.locator('.does li').first().waitFor();
    expect(await page.locator('.does').innerText()).toMatch(/398/);
    found.push(...(await look(page, `import-undo-asked-${name}`)));
    await primary(page).click();
    await page.locator('.figures dt', { hasText: /facts taken back|撤回事实/ }).waitFor();
    expect(await figure(page, /facts taken back|撤回事实/)).toBe('398');
    found.push(...(await look(page, `import-undone-${name}`)));
    expect(await debt()).not.toBe(wanted);
    const undo = page.url();
    await page.goto('/households/H000003');
    const taken = page.locator('.timeline li', { hasText: /Taken back|已撤回/ }).first();
    await taken.locator('.reason', { hasText: `${name}.csv` }).waitFor();
    found.push(...(await look(page, `import-undone-household-${name}`)));
    await page.goto(undo);
    await page.locator('.panel .ant-btn', { hasText: /Bring the facts back|恢复这些事实/ }).click();
    await primary(page).click();
    await page.waitForURL((it) => it.href !== undo);
    await over(page);
    await expect.poll(debt).toBe(wanted);
    expect(found).toEqual([]);
    await leave();
  });

  it('that cannot be read says why, and what to do', async () => {
    const { page, leave } = await visitor(browser, 'chief');
    await page.goto('/facts/imports');
    await drop(page, 'broken.xlsx', 'no workbook');
    const failure = page.locator('.failure');
    await failure.waitFor();
    expect(await look(page, 'import-broken')).toEqual([]);
    expect((await failure.innerText()).length).toBeGreaterThan(40);
    await leave();
  });

  it('lacking a column says which', async () => {
    const { page, leave } = await visitor(browser, 'chief');
    await page.goto('/facts/imports');
    await drop(page, 'short.csv', 'household_id,value\nH000001,3\n');
    await page.locator('.refusal-line').waitFor();
    expect(await page.locator('.ant-btn', { hasText: 'Try' }).isDisabled()).toBe(true);
    expect(await page.locator('.refusal-line').innerText()).toMatch(/fact/i);
    await leave();
  });
});
