/** Rows of the list, with the budget drawn across it. */
import { Checkbox } from 'antd';
import { Fragment, memo, useEffect, useRef } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useSummary } from '@/api/situation';
import type { Warned } from '@/api/warnings';
import { useKeptAddress } from '@/address';
import { AreaName } from '@/components/AreaName';
import { BandChip } from '@/components/BandChip';
import type { Columns } from '@/components/columns';
import { intent } from '@/components/intent';
import { Link } from '@/components/Link';
import { useFormat } from '@/i18n/format';
import { useSentence } from './sentence';
import { Placeholder } from '@/components/Placeholder';

interface Props {
  rows: Warned[];
  /** Those that are drawn by now. */
  shown: Warned[];
  isPending: boolean;
  selected: ReadonlySet<string>;
  toggle: (it: Warned) => void;
  all: (on: boolean) => void;
  at: number;
  setAt: (it: number) => void;
  explain: (it: Warned) => void;
  /** Somebody is about to ask why. */
  near: (it: Warned) => void;
  columns: Columns;
}

/** Columns that may be hidden: who, how bad and why stay. */
export const HIDEABLE = ['rank', 'composite', 'since', 'assignee', 'state'] as const;

export function Rows({ rows, shown, isPending, selected, toggle, all, at, setAt, explain, near, columns }: Props) {
  const { t } = useTranslation();
  const { area } = useKeptAddress();
  const sentence = useSentence();
  const budget = useSummary(area).data?.budget;
  const body = useRef<HTMLTableSectionElement>(null);
  const before = useRef(at);
  useEffect(() => {
    // Only who moves needs it: it makes the browser lay out the page at once.
    if (before.current === at) return;
    before.current = at;
    body.current?.querySelector('[aria-current]')?.scrollIntoView({ block: 'nearest' });
  }, [at]);
  if (isPending) return <Placeholder lines={12} />;
  if (rows.length === 0) return <div className="empty quiet">{t('warnings.empty')}</div>;
  const line = lineOf(rows, budget);
  const isAll = selected.size === rows.length;
  return (
    <div className="list-box" tabIndex={0} role="region" aria-label={t('warnings.title')}>
      <table className="plain list">
        <thead>
          <tr>
            <th>
              <Checkbox
                aria-label={t('common.all')}
                checked={isAll}
                indeterminate={selected.size > 0 && !isAll}
                onChange={(it) => all(it.target.checked)}
              />
            </th>
            {columns.shows('rank') ? <th className="num">{t('warnings.rank')}</th> : null}
            <th>{t('common.band')}</th>
            <th>{t('common.household')}</th>
            <th>{t('warnings.why')}</th>
            {columns.shows('composite') ? <th className="num">{t('common.composite')}</th> : null}
            {columns.shows('since') ? <th>{t('warnings.since')}</th> : null}
            {columns.shows('assignee') ? <th>{t('warnings.assignee')}</th> : null}
            {columns.shows('state') ? <th>{t('common.state')}</th> : null}
          </tr>
        </thead>
        <tbody ref={body}>
          {shown.map((it, n) => (
            <Fragment key={it.warning_id}>
              {n === line ? (
                <tr className="budget-line">
                  <td colSpan={9}>{t('warnings.budget_line')}</td>
                </tr>
              ) : null}
              <Row
                it={it}
                place={n + 1}
                isOn={selected.has(it.warning_id)}
                isCurrent={n === at}
                toggle={toggle}
                point={setAt}
                sentence={sentence}
                explain={explain}
                near={near}
                columns={columns}
              />
            </Fragment>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Where the budget ends: by the last closed period's ranking, else by place. */
export function lineOf(rows: Warned[], budget: number | null | undefined): number {
  const ranked = rows.findIndex((it) => it.within_budget === false);
  if (ranked > 0) return ranked;
  return budget && budget < rows.length ? budget : -1;
}

interface RowProps {
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
const Row = memo(function Row({ it, place, isOn, isCurrent, toggle, point, explain, near, sentence, columns }: RowProps) {
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
