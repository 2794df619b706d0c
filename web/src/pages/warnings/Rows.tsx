/** Rows of the list, with the budget drawn across it. */
import { Checkbox } from 'antd';
import { Fragment, useEffect, useRef } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useSummary } from '@/api/situation';
import type { Warned } from '@/api/warnings';
import { useKeptAddress } from '@/address';
import type { Columns } from '@/components/columns';
import { Placeholder } from '@/components/Placeholder';
import { Row } from './Row';
import { useSentence } from './sentence';

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
