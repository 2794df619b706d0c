/** Rows of the list, with the budget drawn across it. */
import { Checkbox } from 'antd';
import { Fragment, memo, useEffect, useRef } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useSummary } from '@/api/situation';
import type { Warned } from '@/api/warnings';
import { useKeptAddress } from '@/address';
import { AreaName } from '@/components/AreaName';
import { BandChip } from '@/components/BandChip';
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
}

export function Rows({ rows, shown, isPending, selected, toggle, all, at, setAt, explain }: Props) {
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
            <th className="num">{t('warnings.rank')}</th>
            <th>{t('common.band')}</th>
            <th>{t('common.household')}</th>
            <th>{t('warnings.why')}</th>
            <th className="num">{t('common.composite')}</th>
            <th>{t('warnings.since')}</th>
            <th>{t('warnings.assignee')}</th>
            <th>{t('common.state')}</th>
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
  sentence: (it: Warned) => string;
}

/** Drawn again only when it changes: a key moves two rows, not fifty. */
const Row = memo(function Row({ it, place, isOn, isCurrent, toggle, point, explain, sentence }: RowProps) {
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
      <td className="num">{it.rank ?? place}</td>
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
        <button type="button" className="as-text" onClick={() => explain(it)} title={t('keys.explain')}>
          {sentence(it)}
        </button>
      </td>
      <td className="num">{format.score(it.composite)}</td>
      <td title={format.exact(it.raised_at)}>{format.period(it.first_period, true)}</td>
      <td>{it.assignee ?? it.acknowledged_by ?? <span className="quiet">–</span>}</td>
      <td>
        {it.suppressed_until
          ? t('warnings.suppressed', { until: format.day(it.suppressed_until) })
          : t(`warnings.state_${it.state}`)}
      </td>
    </tr>
  );
});
