/** Filters with counts; all of them stand in the address. */
import { useTranslation } from '@/i18n/useTranslation';
import { useQueryClient } from '@tanstack/react-query';
import { memo } from 'react';
import type { Address } from '@/address';
import { useMe } from '@/api/me';
import { useRuleNames } from '@/api/names';
import { filterOf, useWarningCounts, warningsOf, type WarningFilter } from '@/api/warnings';
import type { WarningCounts } from '@/api/types';
import { AreaName } from '@/components/AreaName';
import { BandChip } from '@/components/BandChip';
import { intent } from '@/components/intent';
import { useFormat } from '@/i18n/format';

interface Props {
  filter: WarningFilter;
  state: string;
  change: (change: Address, replace?: boolean) => void;
}

/** What is counted by value. */
type Counted = Exclude<keyof WarningCounts, 'total' | 'overdue' | 'overdue_days'>;

const STATES = ['open', 'acknowledged', 'suppressed', 'ended', 'all'];

/** Drawn again when a filter or a count changes, not with every press in the list. */
export const Filters = memo(function Filters({ filter, state, change }: Props) {
  const { t } = useTranslation();
  const me = useMe().data;
  const counts = useWarningCounts(filter).data;
  const rules = useRuleNames();
  const format = useFormat();
  // The server counts what there is: what it does not name is none.
  const of = (key: Counted, value: string) => counts && (counts[key]?.[value] ?? 0);
  const words = (key: Counted) => Object.keys(counts?.[key] ?? {});
  const queries = useQueryClient();
  const to = (it: Address) => ({
    onClick: () => change(it),
    ...intent(() => void queries.prefetchInfiniteQuery(warningsOf(filterOf({ ...filter, state, ...it })))),
  });
  return (
    <aside className="panel filters no-print" aria-label={t('warnings.filters')}>
      <h3>{t('common.state')}</h3>
      {STATES.map((it) => (
        <Choice key={it} on={state === it} count={it === 'all' ? undefined : of('state', it)} press={to({ state: it, overdue: it === 'open' ? filter.overdue : undefined })}>
          {t(`warnings.state_${it}`)}
        </Choice>
      ))}
      {counts?.overdue_days ? (
        <Choice
          on={filter.overdue === 'true'}
          count={counts.overdue}
          press={to(filter.overdue ? { overdue: undefined } : { overdue: 'true', state: 'open' })}
        >
          {t('warnings.overdue', { days: format.number(counts.overdue_days) })}
        </Choice>
      ) : null}
      <h3>{t('common.band')}</h3>
      {['red', 'orange', 'yellow', 'unknown'].map((it) => (
        <Choice
          key={it}
          on={filter.band === it}
          count={of('band', it)}
          press={to({ band: filter.band === it ? undefined : it })}
        >
          <BandChip band={it} />
        </Choice>
      ))}
      <h3>{t('warnings.assignee')}</h3>
      <Choice
        on={filter.assignee === me?.name}
        count={me ? of('assignee', me.name) : undefined}
        press={to({ assignee: filter.assignee ? undefined : me?.name })}
      >
        {t('warnings.mine')}
      </Choice>
      {words('area').length > 0 ? <h3>{t('common.area')}</h3> : null}
      {words('area').slice(0, 12).map((it) => (
        <Choice key={it} on={filter.area === it} count={of('area', it)} press={to({ area: it })}>
          <AreaName code={it} />
        </Choice>
      ))}
      {words('rule').length > 0 ? <h3>{t('situation.rule')}</h3> : null}
      {words('rule')
        .toSorted((a, b) => (of('rule', b) ?? 0) - (of('rule', a) ?? 0))
        .slice(0, 14)
        .map((it) => (
          <Choice
            key={it}
            on={filter.rule === it}
            count={of('rule', it)}
            press={to({ rule: filter.rule === it ? undefined : it })}
          >
            {rules(it)}
          </Choice>
        ))}
    </aside>
  );
});

interface ChoiceProps {
  on: boolean;
  count?: number;
  press: ReturnType<typeof intent> & { onClick: () => void };
  children: React.ReactNode;
}

function Choice({ on, count, press, children }: ChoiceProps) {
  const { number } = useFormat();
  return (
    <button type="button" aria-pressed={on} {...press}>
      <span>{children}</span>
      <span className="num quiet">{count == null ? '' : number(count)}</span>
    </button>
  );
}
