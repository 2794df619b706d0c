import { useTranslation } from '@/i18n/useTranslation';
import { asBand, LOOKS } from '@/theme/bands';

/** A band: colour, letter and word together. `small` leaves the word to the screen reader. */
export function BandChip({ band, small }: { band: string | null | undefined; small?: boolean }) {
  const { t } = useTranslation();
  const known = asBand(band);
  const look = LOOKS[known];
  const word = t(`band.${known}`);
  return (
    <span
      className={`chip ${known}`}
      style={{ backgroundColor: look.fill, color: look.ink }}
      title={word}
    >
      <b aria-hidden="true">{look.letter}</b>
      <span className={small ? 'visually-hidden' : undefined}>{word}</span>
    </span>
  );
}
