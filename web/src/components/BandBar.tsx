/** Households by band as one bar; each piece is a link to the list behind it. A short one shows letters alone. */
import { Link } from './Link';
import { useTranslation } from '@/i18n/useTranslation';
import { BANDS, LOOKS, total } from '@/theme/bands';
import { useFormat } from '@/i18n/format';
import type { Counts } from '@/api/types';

export function BandBar({ bands, area, isShort }: { bands: Counts; area?: string; isShort?: boolean }) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const all = total(bands);
  if (all === 0) return null;
  return (
    <span className={isShort ? 'band-bar short' : 'band-bar'}>
      {BANDS.filter((it) => bands[it]).map((it) => (
        <Link
          key={it}
          to="/scores"
          search={{ band: it, area }}
          className={`chip ${it}`}
          style={{ flexGrow: bands[it], backgroundColor: LOOKS[it].fill, color: LOOKS[it].ink }}
          aria-label={`${t(`band.${it}`)}: ${number(bands[it])}`}
          title={`${t(`band.${it}`)}: ${number(bands[it])}`}
        >
          <b aria-hidden="true">{LOOKS[it].letter}</b> {isShort ? null : number(bands[it])}
        </Link>
      ))}
    </span>
  );
}
