import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from './en.json';
import zh from './zh.json';

type Tree = { [key: string]: string | Tree };

function flat(tree: Tree, before = ''): Map<string, string> {
  const found = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const path = before ? `${before}.${key}` : key;
    if (typeof value === 'string') found.set(path, value);
    else for (const [inner, text] of flat(value, path)) found.set(inner, text);
  }
  return found;
}

const english = flat(en);
const chinese = flat(zh);

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((it) => {
    const path = join(folder, it.name);
    if (it.isDirectory()) return sources(path);
    return /\.tsx?$/.test(it.name) && !/\.test\./.test(it.name) ? [path] : [];
  });
}

describe('texts', () => {
  it('are there in both languages', () => {
    expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  });

  it('are empty in neither', () => {
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe('');
  });

  it('name the same values in both languages', () => {
    const values = (text = '') => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((it) => it[1]).sort();
    for (const [key, text] of english) {
      const theirs = values(chinese.get(key));
      // A language may leave one out, but none may ask for a value that nobody gives.
      for (const value of theirs) expect(values(text), key).toContain(value);
    }
  });

  it('exist for every key that the pages write', () => {
    const missing: string[] = [];
    for (const path of sources('src')) {
      const code = readFileSync(path, 'utf8');
      for (const found of code.matchAll(/\bt\(\s*'([a-z_0-9.]+)'/g)) {
        if (!english.has(found[1] ?? '')) missing.push(`${path}: ${found[1]}`);
      }
      for (const found of code.matchAll(/\bt\(\s*`([a-z_.]+)\$\{/g)) {
        const start = found[1] ?? '';
        if (![...english.keys()].some((it) => it.startsWith(start))) missing.push(`${path}: ${start}`);
      }
    }
    expect(missing).toEqual([]);
  });

  it('are Chinese in Chinese', () => {
    const same = [...english].filter(([key, text]) => chinese.get(key) === text);
    expect(same).toEqual([]);
  });
});
