/** Who is searched for, who somebody is, and which entries may be one person. */
import { http } from './http';
import type { Found, Page, Pair, Person, Sealed } from './types';

export const search = (q: string) => http.get<Found>('/search', { q });

export interface PersonChange {
  kind: string;
  day: string;
  household_id: string;
  from?: string | null;
  to?: string | null;
  source?: string | null;
  recorded_at: string;
  actor: string;
}

export interface Merge {
  id: number;
  kept: string;
  merged: string;
  at: string;
  actor: string;
  undone_at?: string | null;
  undone_by?: string | null;
}

/** Somebody, what became of them, and the entries that are one person with this one, or were. */
export interface Whole {
  person: Person & { merged_into?: string | null };
  history: PersonChange[];
  merges: Merge[];
}

export interface Look {
  at: string;
  actor: string;
  fields: string[];
  reason: string;
}

const path = (id: string) => `/people/${encodeURIComponent(id)}`;

export const person = (id: string) => http.get<Whole>(path(id));
export const looks = (id: string) => http.get<Page<Look>>(`${path(id)}/unmaskings`);
export const unmask = (id: string, reason: string, fields: string[]) =>
  http.post<{ fields: Sealed[] }>(`${path(id)}/unmasking`, { reason, fields });

export type PairState = 'open' | 'merged' | 'distinct';
export type Decision = { decision: 'distinct' } | { decision: 'merge'; keep: string };

export const pairs = (state: PairState) => http.get<Page<Pair>>('/duplicates', { state });
export const decide = (id: number, it: Decision) =>
  http.post<{ merge?: number | null }>(`/duplicates/${id}/decision`, it);
export const undoMerge = (id: number) => http.post<Merge>(`/merges/${id}/undo`);

/** The merge of two entries that still holds. */
export async function mergeOf(one: string, other: string): Promise<Merge | undefined> {
  const { merges } = await person(one);
  return merges.find((it) => !it.undone_at && [it.kept, it.merged].includes(other));
}
