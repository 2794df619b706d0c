/** What takes a deed back: each warning as it was before. */
import type { Deed, Warned } from '@/api/warnings';

/** Deeds that restore the warnings; `before` are those of the deed, as they were. */
export function undoOf(deed: Deed, before: Warned[]): Deed[] {
  const was = before.filter((it) => deed.ids.includes(it.warning_id));
  if (deed.action === 'acknowledge') return simple(was, 'open', 'reopen');
  if (deed.action === 'reopen') return simple(was, 'acknowledged', 'acknowledge');
  if (deed.action === 'assign') {
    return groups(was, (it) => it.assignee ?? '').map(([ids, it]) => ({
      ids,
      action: 'assign',
      assignee: it.assignee ?? null,
    }));
  }
  return groups(was, (it) => `${it.suppressed_until ?? ''}|${it.suppressed_reason ?? ''}`).map(
    ([ids, it]) => ({
      ids,
      action: 'suppress',
      until: it.suppressed_until ?? null,
      ...(it.suppressed_until ? { reason: it.suppressed_reason ?? null } : {}),
    }),
  );
}

/** Those that were in another state before are left as they are: the deed did not change them. */
function simple(was: Warned[], state: string, action: Deed['action']): Deed[] {
  const ids = was.filter((it) => it.state === state).map((it) => it.warning_id);
  return ids.length > 0 ? [{ ids, action }] : [];
}

function groups(was: Warned[], by: (it: Warned) => string): [string[], Warned][] {
  const found = new Map<string, [string[], Warned]>();
  for (const it of was) {
    const group = found.get(by(it)) ?? [[], it];
    group[0].push(it.warning_id);
    found.set(by(it), group);
  }
  return [...found.values()];
}
