/** What indicators and rules are called, until the policy says it: their ids as words. */
import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { pick } from '@/i18n';
import { usePolicy } from './policy';
import { useRules } from './situation';

function words(id: string): string {
  return id.replace(/^(trigger|key)\./, '').replaceAll(/[._]/g, ' ');
}

export function useIndicatorNames(): (id: string) => string {
  const policy = usePolicy().data;
  const language = useTranslation().i18n.language;
  return useCallback(
    (id) => {
      for (const module of policy?.modules ?? []) {
        for (const dimension of module.dimensions) {
          for (const it of dimension.indicators) {
            if (typeof it !== 'string' && it.id === id) return pick(it.label, language) || words(id);
          }
        }
      }
      return words(id);
    },
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
