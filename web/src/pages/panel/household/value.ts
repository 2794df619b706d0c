/** A value of an indicator as it is read: a number, a word, or not known. */
import { useCallback } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useFormat } from '@/i18n/format';

export function useValue() {
  const { t } = useTranslation();
  const format = useFormat();
  return useCallback(
    (it: unknown): string => {
      if (it === null || it === undefined) return t('common.unknown');
      if (typeof it === 'number') return format.number(it, Math.abs(it) < 10 ? 2 : 0);
      if (typeof it === 'boolean') return t(it ? 'common.yes' : 'common.no');
      return String(it);
    },
    [t, format],
  );
}
