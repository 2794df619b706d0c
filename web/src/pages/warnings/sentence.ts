/** Why, in words: the server's sentence, or the rules and indicators that it names. */
import { useCallback } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useIndicatorNames } from '@/api/names';
import { pick, type Label } from '@/i18n';

interface Reasoned {
  sentence?: Label;
  reasons?: string[];
  rules?: string[];
}

export function useSentence() {
  const { t, i18n } = useTranslation();
  const names = useIndicatorNames();
  return useCallback(
    (it: Reasoned, most = 3): string => {
      const written = pick(it.sentence, i18n.language);
      if (written) return written;
      const reasons = (it.reasons ?? []).slice(0, most).map((id) => names(id));
      return reasons.join(t('warnings.joint'));
    },
    [t, i18n.language, names],
  );
}
