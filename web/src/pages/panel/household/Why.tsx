/** Contributions as one bar and as sentences; what is forced, and what nobody could judge. */
import { useTranslation } from '@/i18n/useTranslation';
import type { Explanation } from '@/api/types';
import { useIndicatorNames } from '@/api/names';
import { BandChip } from '@/components/BandChip';
import { Link } from '@/components/Link';
import { useFormat } from '@/i18n/format';
import { restOf } from './rest';
import './household.css';

const TONES = ['#0b4f8a', '#2f6fd0', '#5c8fe0', '#86aeea', '#aecaf2', '#c8d4e3'];

export function Why({ it }: { it: Explanation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = useIndicatorNames();
  const known = it.contributions.filter((c) => c.points > 0.05).slice(0, 8);
  const sum = known.reduce((all, c) => all + c.points, 0);
  return (
    <div className="stack why-panel">
      {it.forced.map((forced) => (
        <p key={forced.key} className="forced">
          <BandChip band={forced.band} /> <b>{t('household.forced')}</b>{' '}
          {format.pick(forced.sentence) || format.pick(forced.label) || forced.key}
        </p>
      ))}
      {it.own_band && it.own_band !== it.band ? (
        <p className="quiet">
          {t('household.own_band')} <BandChip band={it.own_band} />
        </p>
      ) : null}
      {it.lifted_by?.length ? (
        <p>
          {t('household.lifted', { by: it.lifted_by.map(format.pick).join(', ') })}
        </p>
      ) : null}
      {known.length === 0 ? <p className="quiet">{t('household.nothing_contributes')}</p> : null}
      <div className="stacked" role="img" aria-label={t('household.contributions')}>
        {known.map((c, n) => (
          <i
            key={c.indicator}
            title={`${format.pick(c.label)}: ${format.score(c.points)}`}
            style={{ width: `${(100 * c.points) / sum}%`, background: TONES[Math.min(n, 5)] }}
          />
        ))}
      </div>
      <ol className="contributions">
        {known.map((c, n) => (
          <li key={c.indicator}>
            <i style={{ background: TONES[Math.min(n, 5)] }} />
            <span>
              <Link to="/indicators" search={{ indicator: c.indicator }}>
                {format.pick(c.label) || c.indicator}
              </Link>
              <Rest label={format.pick(c.label)} sentence={format.pick(c.sentence)} />
            </span>
            <b className="num" title={t('household.points')}>
              {format.score(c.points)}
            </b>
          </li>
        ))}
      </ol>
      {it.unjudged.length > 0 ? (
        <div className="unjudged">
          <h3>
            <BandChip small band="unknown" /> {t('household.unjudged')}
          </h3>
          <ul>
            {it.unjudged.slice(0, 8).map((u) => (
              <li key={u.indicator}>
                {format.pick(u.label) || names(u.indicator)}
                {u.sentence ? <span className="quiet"> – {format.pick(u.sentence)}</span> : null}
              </li>
            ))}
          </ul>
        </div>
      ) : null}
    </div>
  );
}

/** On the line of the label where it is short, else below. */
function Rest({ label, sentence }: { label: string; sentence: string }) {
  const rest = restOf(label, sentence);
  return rest ? <span className={rest.length > 24 ? 'sentence' : 'sentence short'}>{rest}</span> : null;
}
