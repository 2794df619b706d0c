import { useTranslation } from '@/i18n/useTranslation';
import { rampColour } from '@/theme/bands';
import { useFormat } from '@/i18n/format';
import type { Measure, Range } from './measures';

/** What the colours of the map mean. */
export function Legend({ measure, range }: { measure: Measure; range: Range }) {
  const { t } = useTranslation();
  const format = useFormat();
  const write = (it: number) => (measure.isShare ? format.share(it) : format.number(it));
  return (
    <span className="legend tab" aria-label={t('situation.legend')} role="img">
      {write(range.from)}
      {[0, 1, 2, 3, 4, 5, 6].map((it) => (
        <i key={it} style={{ background: rampColour(it / 6) }} />
      ))}
      {write(range.to)}
    </span>
  );
}
