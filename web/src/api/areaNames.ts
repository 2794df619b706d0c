/**
 * Names of areas, for the many places that show one. A table has fifty areas: they are asked for after it
 * was painted, together in one request, once for as long as the page is open.
 */
import { useCallback, useSyncExternalStore } from 'react';
import { afterPaint } from '@/painted';
import type { Label } from '@/i18n/label';
import { http } from './http';
import type { Page } from './types';

interface Named {
  code: string;
  name?: Label;
}

/** So many codes the server takes in one request. */
const AT_ONCE = 100;
const names = new Map<string, Label>();
const listeners = new Map<string, Set<() => void>>();
const wanted = new Set<string>();
/** Asked for, and not answered yet. */
const asked = new Set<string>();
let isDue = false;

/** The name in both languages; nothing until it is known, or where nobody knows it. */
export function useAreaLabel(code: string | undefined): Label {
  const subscribe = useCallback((listener: () => void) => (code ? listen(code, listener) : () => undefined), [code]);
  return useSyncExternalStore(subscribe, () => (code ? names.get(code) : undefined));
}

/** Takes names that came with something else. */
export function learnNames(areas: Named[]) {
  const fresh = areas.filter((it) => it.name != null && names.get(it.code) === undefined);
  for (const it of fresh) names.set(it.code, it.name);
  for (const it of fresh) for (const tell of listeners.get(it.code) ?? []) tell();
}

/** After areas were imported: what is shown is asked for again. */
export function forgetNames() {
  names.clear();
  for (const code of listeners.keys()) wanted.add(code);
  plan();
}

function listen(code: string, listener: () => void) {
  const all = listeners.get(code) ?? new Set();
  all.add(listener);
  listeners.set(code, all);
  if (!names.has(code) && !asked.has(code)) {
    wanted.add(code);
    plan();
  }
  return () => {
    all.delete(listener);
    if (all.size > 0) return;
    listeners.delete(code);
    wanted.delete(code);
  };
}

function plan() {
  if (isDue) return;
  isDue = true;
  afterPaint(askSome);
}

function askSome() {
  isDue = false;
  // Some came with something else in the meantime.
  const codes = [...wanted].filter((it) => !names.has(it));
  wanted.clear();
  for (let n = 0; n < codes.length; n += AT_ONCE) void ask(codes.slice(n, n + AT_ONCE));
}

async function ask(codes: string[]) {
  for (const code of codes) asked.add(code);
  try {
    const { items } = await http.get<Page<Named>>('/areas', { codes: codes.join(',') });
    learnNames(items);
  } catch {
    // While nobody answers the codes stay; whoever shows one next asks again.
    return;
  } finally {
    for (const code of codes) asked.delete(code);
  }
  // Of those that nobody named it is known now that there is no name.
  for (const code of codes) if (!names.has(code)) names.set(code, undefined);
}
