/** The queue of a browser: one for all pages, so that what one page finds the others show. */
import { useEffect, useState, useSyncExternalStore } from 'react';
import { addFacts } from '@/api/household';
import { http, Problem } from '@/api/http';
import { useMe } from '@/api/me';
import type { LastFact, Page } from '@/api/types';
import { judge, load, store, without, type Judged, type Waiting } from './queue';

interface State {
  entries: Waiting[];
  conflicts: Judged[];
  /** What the server did not take, by id of the entry. */
  refused: Record<string, string>;
}

const listeners = new Set<() => void>();
let state: State = { entries: load(), conflicts: [], refused: {} };
/** Ids of facts that were sent from this page: they are no news to it. */
const sentHere = new Set<string>();

function put(change: Partial<State>) {
  state = { ...state, ...change };
  if (change.entries) store(change.entries);
  for (const listener of listeners) listener();
}

// Another tab sent or kept something.
addEventListener('storage', () => put({ entries: load() }));

export interface Sent {
  sent: number;
  refused: number;
  conflicts: number;
}

function add(these: Waiting[]) {
  put({ entries: [...state.entries, ...these] });
}

function forget(ids: string[]) {
  put({
    entries: without(load(), ids),
    conflicts: state.conflicts.filter((it) => !ids.includes(it.entry.id)),
  });
}

/** Ids were given when the entries were written, so that sending twice is taking once. */
async function deliver(these: Waiting[], corrects?: { supersedes: string; reason: string }): Promise<Sent> {
  const taken = await addFacts(
    these.map((it) => ({
      fact_id: it.id,
      fact: it.fact,
      value: it.value,
      valid_from: it.valid_from,
      household_id: it.household,
      ...(it.member_id ? { member_id: it.member_id } : {}),
      ...(it.source ? { source: it.source } : {}),
      ...corrects,
    })),
  );
  const refused = new Map(taken.rejected.map((it) => [it.position, [it.detail, it.hint].filter(Boolean).join(' – ')]));
  const gone = these.filter((_, n) => !refused.has(n)).map((it) => it.id);
  for (const id of gone) sentHere.add(id);
  put({ refused: Object.fromEntries([...refused].map(([n, why]) => [these[n]?.id ?? '', why])) });
  forget(gone);
  return { sent: gone.length, refused: refused.size, conflicts: 0 };
}

async function judged(by: string): Promise<Judged[]> {
  const own = state.entries.filter((it) => (it.by ?? by) === by);
  const written = new Set([...sentHere, ...own.map((it) => it.id)]);
  const all: Judged[] = [];
  for (const household of new Set(own.map((it) => it.household))) {
    const known = await lastOf(household);
    const these = own.filter((it) => it.household === household);
    all.push(...these.map((entry) => judge(entry, known, written)));
  }
  return all;
}

async function sendAll(by: string): Promise<Sent> {
  const all = await judged(by);
  const conflicts = all.filter((it) => it.verdict === 'conflict');
  const ready = all.filter((it) => it.verdict !== 'conflict').map((it) => it.entry);
  put({ conflicts });
  const sent = ready.length ? await deliver(ready) : { sent: 0, refused: 0 };
  return { ...sent, conflicts: conflicts.length };
}

let running: Promise<Sent> | undefined;

/** Sends what waits; who asks while it is being sent gets the same answer. */
function send(by: string): Promise<Sent> {
  running ??= sendAll(by).finally(() => {
    running = undefined;
  });
  return running;
}

async function keepMine(it: Judged, reason: string): Promise<Sent> {
  const supersedes = it.theirs?.fact_id;
  return deliver([it.entry], supersedes ? { supersedes, reason } : undefined);
}

async function lastOf(household: string): Promise<LastFact[]> {
  try {
    return (await http.get<Page<LastFact>>(`/households/${encodeURIComponent(household)}/facts`)).items;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return [];
    throw error;
  }
}

export function useQueue() {
  const by = useMe().data?.name ?? '';
  const { entries, conflicts, refused } = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => state,
  );
  const waiting = entries.filter((it) => (it.by ?? by) === by);
  return {
    waiting,
    conflicts,
    refused,
    add: (these: Waiting[]) => add(these.map((it) => ({ ...it, by }))),
    drop: (id: string) => forget([id]),
    send: () => send(by),
    keepMine,
  };
}

export function useOnline(): boolean {
  const [is, set] = useState(navigator.onLine);
  useEffect(() => {
    const change = () => set(navigator.onLine);
    addEventListener('online', change);
    addEventListener('offline', change);
    return () => {
      removeEventListener('online', change);
      removeEventListener('offline', change);
    };
  }, []);
  return is;
}
