/** Units of the pack in words: `yuan/year` as yuan a year, 元/年. */
import { useTranslation } from '@/i18n/useTranslation';
import { useCallback } from 'react';

export function useUnit(): (unit: string | null | undefined) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (unit) => {
      if (!unit || unit === '1') return '';
      const word = (it: string) => (i18n.exists(`unit.${it}`) ? t(`unit.${it}`) : it);
      const [what = '', ...per] = unit.split('/');
      return [word(what), ...per.map((it) => t('unit.per', { what: word(`per_${it}`).replace(/^per_/, '') }))].join('');
    },
    [t, i18n],
  );
}
