/** Words for what the registry keeps as codes; a relation that an office wrote itself stays as it is. */
import { useTranslation } from '@/i18n/useTranslation';
import { useCallback } from 'react';

export function useRegistryWords(): (kind: string, value: unknown) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (kind, value) => {
      if (value === undefined || value === null || value === '') return '–';
      const path = `person.${kind}_${String(value)}`;
      return i18n.exists(path) ? t(path) : String(value);
    },
    [t, i18n],
  );
}
