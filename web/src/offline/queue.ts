/**
 * Visits that are not sent yet. Each entry remembers what was known when it was made; if the server
 * knows something newer by the time it is sent, both are shown and a person decides.
 */
import type { LastFact } from '@/api/types';

export interface Waiting {
  id: string;
  /** Who wrote it: nobody else sends it in their own name. */
  by?: string;
  household: string;
  fact: string;
  label: string;
  value: string;
  /** The value as the form showed it, with its unit. */
  shown?: string;
  valid_from: string;
  member_id?: string;
  source?: string;
  made_at: string;
  /** What was known of the fact when this was made; nothing where nothing was. */
  base?: { fact_id?: string | null; value: string } | null;
}

export type Verdict = 'send' | 'same' | 'conflict';

export interface Judged {
  entry: Waiting;
  verdict: Verdict;
  theirs?: LastFact;
}

/**
 * Whether an entry may be sent as it is. What was never known before can conflict too. `own` are ids of
 * facts that were written here: what one wrote oneself is nobody else's news.
 */
export function judge(entry: Waiting, known: LastFact[], own: ReadonlySet<string> = new Set()): Judged {
  const theirs = known.find(
    (it) => it.fact === entry.fact && (it.member_id ?? undefined) === entry.member_id,
  );
  if (!theirs || (theirs.fact_id && own.has(theirs.fact_id))) return { entry, verdict: 'send' };
  if (theirs.value === entry.value && theirs.valid_from === entry.valid_from) {
    return { entry, verdict: 'same', theirs };
  }
  const isNews = entry.base === undefined ? isAfter(theirs, entry) : !isSame(entry.base, theirs);
  return { entry, verdict: isNews ? 'conflict' : 'send', theirs };
}

/** Where nobody could look before the visit: whether the server learned it after the entry was written. */
function isAfter(theirs: LastFact, entry: Waiting): boolean {
  return theirs.recorded_at ? Date.parse(theirs.recorded_at) > Date.parse(entry.made_at) : false;
}

function isSame(base: Waiting['base'], theirs: LastFact): boolean {
  if (!base) return false;
  if (base.fact_id && theirs.fact_id) return base.fact_id === theirs.fact_id;
  return base.value === theirs.value;
}

const KEY = 'holdfast.visits';

export function load(storage: Pick<Storage, 'getItem'> = localStorage): Waiting[] {
  try {
    const kept = JSON.parse(storage.getItem(KEY) ?? '[]') as unknown;
    return Array.isArray(kept) ? (kept as Waiting[]) : [];
  } catch {
    return [];
  }
}

export function store(all: Waiting[], storage: Pick<Storage, 'setItem'> = localStorage) {
  storage.setItem(KEY, JSON.stringify(all));
}

/** The list without the entries that are done. */
export function without(all: Waiting[], ids: Iterable<string>): Waiting[] {
  const gone = new Set(ids);
  return all.filter((it) => !gone.has(it.id));
}
