/** A visit as it is written, and the facts that it makes. */
import type { NewFact } from '@/api/household';
import type { Form, LastFact } from '@/api/types';
import type { Waiting } from '@/offline/queue';
import { uuid7 } from '@/offline/uuid';

export interface Entry {
  household: string;
  valid_from: string;
  member_id?: string;
  values: Record<string, string | undefined>;
  /** Facts that were chosen to be written. */
  chosen?: string[];
}

/** One fact as a dialog asks for it. */
export interface One {
  fact: string;
  value: string;
  valid_from: string;
  member_id?: string;
  source?: string;
  /** Why the one before was wrong. */
  reason?: string;
}

/** The fact that a dialog makes; it takes the place of the one that it corrects. */
export function factOf(it: One, household: string, corrected?: string | null): NewFact {
  // A reason is one line.
  const reason = it.reason?.replace(/\s+/g, ' ').trim();
  return {
    fact_id: uuid7(),
    fact: it.fact,
    value: String(it.value),
    valid_from: it.valid_from,
    household_id: household,
    ...(it.member_id ? { member_id: it.member_id } : {}),
    ...(it.source ? { source: it.source } : {}),
    ...(corrected ? { supersedes: corrected, ...(reason ? { reason } : {}) } : {}),
  };
}

/** Points would part the name of a field. */
export const fieldOf = (fact: string) => fact.replaceAll('.', '__');

/** The day where the person stands, not the one in Greenwich. */
export function today(now = new Date()): string {
  const two = (it: number) => String(it).padStart(2, '0');
  return `${now.getFullYear()}-${two(now.getMonth() + 1)}-${two(now.getDate())}`;
}

interface Words {
  /** What was known when this was written; nothing where nobody could look. */
  known?: LastFact[];
  label: (form: Form) => string;
  shown: (form: Form, value: string) => string;
}

export function written(it: Entry, forms: Form[], { known, label, shown }: Words): Waiting[] {
  return forms.flatMap((form): Waiting[] => {
    const value = it.values?.[fieldOf(form.fact)];
    if (value === undefined || value === '') return [];
    const member = form.subject === 'member' ? it.member_id : undefined;
    const before = known?.find(
      (last) => last.fact === form.fact && (last.member_id ?? undefined) === member,
    );
    return [
      {
        id: uuid7(),
        household: it.household.trim(),
        fact: form.fact,
        label: label(form),
        value,
        shown: shown(form, value),
        valid_from: it.valid_from,
        ...(member ? { member_id: member } : {}),
        source: 'visit',
        made_at: new Date().toISOString(),
        base: known ? (before ? { fact_id: before.fact_id, value: before.value } : null) : undefined,
      },
    ];
  });
}
