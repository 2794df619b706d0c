/** The queue of a page: adds, sends, asks about conflicts. */
import { useCallback, useEffect, useState, useSyncExternalStore } from 'react';
import { addFacts } from '@/api/household';
import { http, Problem } from '@/api/http';
import type { LastFact, Page } from '@/api/types';
import { judge, load, store, without, type Judged, type Waiting } from './queue';

const listeners = new Set<() => void>();
let entries = load();

function put(all: Waiting[]) {
  entries = all;
  store(all);
  for (const listener of listeners) listener();
}

export interface Sent {
  sent: number;
  refused: string[];
}

export function useQueue() {
  const waiting = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => entries,
  );
  const [conflicts, setConflicts] = useState<Judged[]>([]);
  const add = useCallback((it: Waiting[]) => put([...entries, ...it]), []);
  const drop = useCallback((id: string) => {
    put(without(entries, [id]));
    setConflicts((before) => before.filter((it) => it.entry.id !== id));
  }, []);

  const deliver = useCallback(async (these: Waiting[], supersedes?: string): Promise<Sent> => {
    const taken = await addFacts(
      these.map((it) => ({
        fact_id: it.id,
        fact: it.fact,
        value: it.value,
        valid_from: it.valid_from,
        household_id: it.household,
        ...(it.member_id ? { member_id: it.member_id } : {}),
        ...(it.source ? { source: it.source } : {}),
        ...(supersedes ? { supersedes } : {}),
      })),
    );
    const refused = new Set(taken.rejected.map((it) => it.position));
    put(without(entries, these.filter((_, n) => !refused.has(n)).map((it) => it.id)));
    return { sent: these.length - refused.size, refused: taken.rejected.map((it) => it.detail) };
  }, []);

  const send = useCallback(async (): Promise<Sent | undefined> => {
    const ready: Waiting[] = [];
    const judged: Judged[] = [];
    for (const household of new Set(entries.map((it) => it.household))) {
      const known = await lastOf(household);
      for (const entry of entries.filter((it) => it.household === household)) {
        const it = judge(entry, known);
        if (it.verdict === 'conflict') judged.push(it);
        else ready.push(entry);
      }
    }
    setConflicts(judged);
    return ready.length ? deliver(ready) : { sent: 0, refused: [] };
  }, [deliver]);

  const keepMine = useCallback(
    async (it: Judged) => {
      const result = await deliver([it.entry], it.theirs?.fact_id ?? undefined);
      setConflicts((before) => before.filter((other) => other.entry.id !== it.entry.id));
      return result;
    },
    [deliver],
  );
  return { waiting, conflicts, add, drop, send, keepMine };
}

async function lastOf(household: string): Promise<LastFact[]> {
  try {
    return (await http.get<Page<LastFact>>(`/households/${encodeURIComponent(household)}/facts`)).items;
  } catch (error) {
    if (error instanceof Problem && error.status === 404) return [];
    throw error;
  }
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
