/** What indicators and rules are called, until the policy says it: their ids as words. */
import { useCallback } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { pick, type Label } from '@/i18n';
import { usePolicy, type Policy } from './policy';
import { useRules } from './situation';

function words(id: string): string {
  return id.replace(/^(trigger|key)\./, '').replaceAll(/[._]/g, ' ');
}

/** Labels of all indicators by id; of a policy one map, whoever asks. */
const labels = new WeakMap<Policy, Map<string, Label>>();

function labelsOf(policy: Policy): Map<string, Label> {
  const known = labels.get(policy);
  if (known) return known;
  const all = policy.modules.flatMap((it) => it.dimensions).flatMap((it) => it.indicators);
  const found = new Map(all.flatMap((it) => (typeof it === 'string' ? [] : [[it.id, it.label] as const])));
  labels.set(policy, found);
  return found;
}

export function useIndicatorNames(): (id: string) => string {
  const policy = usePolicy().data;
  const language = useTranslation().i18n.language;
  return useCallback(
    (id) => (policy && pick(labelsOf(policy).get(id), language)) || words(id),
    [policy, language],
  );
}

export function useRuleNames(): (id: string) => string {
  const rules = useRules().data;
  const language = useTranslation().i18n.language;
  return useCallback(
    (id) => pick(rules?.items.find((it) => it.rule === id)?.label, language) || words(id),
    [rules, language],
  );
}
