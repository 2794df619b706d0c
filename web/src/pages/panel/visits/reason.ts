/** What of a warning may stand on paper that is carried through a village. */
import type { Policy } from '@/api/policy';

/** Packs keep illness, disability and insurance in the dimension of this id. */
const HEALTH = 'health';
const MOST = 3;

export interface Reasoned {
  rules: string[];
  reasons: string[];
}

/** Indicators that may be named: those of the policy, without health. */
export function namable(policy: Policy | undefined): ReadonlySet<string> {
  const dimensions = policy?.modules.flatMap((it) => it.dimensions) ?? [];
  const open = dimensions.filter((it) => it.id !== HEALTH).flatMap((it) => it.indicators);
  return new Set(open.map((it) => it.id));
}

/**
 * Indicators to be named for a warning, those that force a band first. No value of them is given,
 * and nothing that the policy does not say to be other than health: paper gets lost.
 */
export function named(warning: Reasoned, allowed: ReadonlySet<string>): string[] {
  const forcing = warning.rules.filter((it) => it.startsWith('key.')).map((it) => it.slice(4));
  return [...new Set([...forcing, ...warning.reasons])].filter((it) => allowed.has(it)).slice(0, MOST);
}
