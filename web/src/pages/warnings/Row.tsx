/** One warning of the list. */
import { memo } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import type { Warned } from '@/api/warnings';
import { AreaName } from '@/components/AreaName';
import { BandChip } from '@/components/BandChip';
import type { Columns } from '@/components/columns';
import { intent } from '@/components/intent';
import { Link } from '@/components/Link';
import { useFormat } from '@/i18n/format';

interface Props {
  it: Warned;
  place: number;
  isOn: boolean;
  isCurrent: boolean;
  toggle: (it: Warned) => void;
  point: (at: number) => void;
  explain: (it: Warned) => void;
  near: (it: Warned) => void;
  sentence: (it: Warned) => string;
  columns: Columns;
}

/** Drawn again only when it changes: a key moves two rows, not fifty. */
export const Row = memo(function Row({ it, place, isOn, isCurrent, toggle, point, explain, near, sentence, columns }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <tr aria-current={isCurrent || undefined} data-warning={it.warning_id} onClick={() => point(place - 1)}>
      <td>
        <input
          type="checkbox"
          aria-label={it.household_id}
          checked={isOn}
          onChange={() => toggle(it)}
        />
      </td>
      {columns.shows('rank') ? <td className="num rank">{it.rank ?? place}</td> : null}
      <td className="bands">
        <BandChip small band={it.previous_band} />
        <span aria-hidden="true">→</span>
        <BandChip band={it.band} />
      </td>
      <td className="where">
        <Link to="/households/$id" params={{ id: it.household_id }}>
          {it.household_id}
        </Link>{' '}
        <span className="quiet">
          <AreaName code={it.area_code} />
        </span>
      </td>
      <td className="why">
        <button type="button" className="as-text" onClick={() => explain(it)} title={t('keys.explain')} {...intent(() => near(it))}>
          {sentence(it)}
        </button>
      </td>
      {columns.shows('composite') ? <td className="num composite">{format.score(it.composite)}</td> : null}
      {columns.shows('since') ? (
        <td className="since" title={format.exact(it.raised_at)}>
          {format.period(it.first_period, true)}
        </td>
      ) : null}
      {columns.shows('assignee') ? (
        <td className="assignee">{it.assignee ?? it.acknowledged_by ?? <span className="quiet">–</span>}</td>
      ) : null}
      {columns.shows('state') ? (
        <td className="state">
          {it.suppressed_until
            ? t('warnings.suppressed', { until: format.day(it.suppressed_until) })
            : t(`warnings.state_${it.state}`)}
        </td>
      ) : null}
    </tr>
  );
});
