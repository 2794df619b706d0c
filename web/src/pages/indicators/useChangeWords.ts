/** A change of the policy in words, e.g. what is moved and to where. */
import { useTranslation } from '@/i18n/useTranslation';
import { useCallback } from 'react';
import { useIndicatorNames } from '@/api/names';
import type { Change, Policy } from '@/api/policy';
import { useFormat } from '@/i18n/format';

export function useChangeWords(policy: Policy): (it: Omit<Change, 'value'>) => string {
  const { t } = useTranslation();
  const { pick } = useFormat();
  const names = useIndicatorNames();
  return useCallback(
    (it) => {
      if (it.kind === 'edge') return t('policy.edge', { band: t(`band.${it.id}`) });
      const key = it.kind === 'anchor' ? ` · ${t(`policy.anchor_${it.key}`)}` : '';
      const dimension = policy.modules
        .flatMap((m) => m.dimensions)
        .find((d) => it.key === 'dimension' && d.id === it.id);
      const label = policy.parameters.find((p) => p.id === it.id)?.label ?? dimension?.label;
      return `${pick(label) || names(it.id)}${key}`;
    },
    [policy, t, pick, names],
  );
}
