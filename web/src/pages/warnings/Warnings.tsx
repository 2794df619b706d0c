/** The ranked list: who comes first, why, who has it. */
import { useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useCallback, useMemo, useRef, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress } from '@/address';
import { explanationOf } from '@/api/household';
import { filterOf, useWarnings, type Warned } from '@/api/warnings';
import { Failure } from '@/components/Failure';
import { ColumnChooser, useColumns } from '@/components/columns';
import { ExportLinks } from '@/components/ExportLinks';
import { VisitListLink } from '@/components/VisitListLink';
import { useFirstRows } from '@/components/useFirstRows';
import { useKeys } from '@/components/useKeys';
import { useSoon } from '@/components/useSoon';
import { Filters } from './Filters';
import { HIDEABLE, Rows } from './Rows';
import { Tools } from './Tools';
import { useDeeds } from './deeds';
import './warnings.css';

const loadDrawer = () => import('./Drawer').then((it) => it.Drawer);
const NAMES = {
  rank: 'warnings.rank',
  composite: 'common.composite',
  since: 'warnings.since',
  assignee: 'warnings.assignee',
  state: 'common.state',
};

/** Rows that a screen shows: reasons take two lines or three. */
const SCREEN = 16;

export default function Warnings() {
  const { t, i18n } = useTranslation();
  const [address, change] = useAddress();
  const navigate = useNavigate();
  const queries = useQueryClient();
  const { area, band, rule, assignee, kind, overdue } = address;
  const state = address.state ?? 'open';
  const filter = useMemo(
    () => filterOf({ state, area, band, rule, assignee, kind, overdue }),
    [state, area, band, rule, assignee, kind, overdue],
  );
  const list = useWarnings(filter);
  const rows = useMemo(() => list.data?.pages.flatMap((it) => it.items) ?? [], [list.data]);
  const shown = useFirstRows(rows, JSON.stringify(filter), list, SCREEN);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(0);
  const columns = useColumns('warnings');
  const Drawer = useSoon(loadDrawer, useRef(null), { isWanted: address.household !== undefined });
  const deeds = useDeeds(() => setSelected(new Set()));
  const current = rows[Math.min(at, rows.length - 1)];
  const explained = rows.find((it) => it.household_id === address.household);

  const toggle = useCallback((it: Warned) => {
    setSelected((before) => {
      const after = new Set(before);
      if (!after.delete(it.warning_id)) after.add(it.warning_id);
      return after;
    });
  }, []);
  const explain = useCallback((it: Warned) => change({ household: it.household_id }, true), [change]);
  const language = i18n.language;
  const near = useCallback(
    (it: Warned) => void queries.prefetchQuery(explanationOf(it.household_id, {}, language)),
    [queries, language],
  );
  const move = (by: number) => setAt((it) => Math.max(0, Math.min(rows.length - 1, it + by)));
  useKeys({
    j: () => move(1),
    k: () => move(-1),
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    ' ': () => current && toggle(current),
    a: () => {
      const ids = selected.size ? [...selected] : current ? [current.warning_id] : [];
      if (ids.length) void deeds.run({ ids, action: 'acknowledge' }, rows);
    },
    e: () => current && change({ household: current.household_id }, true),
    Enter: () => {
      if (current) void navigate({ to: '/households/$id', params: { id: current.household_id } });
    },
  });

  return (
    <>
      <div className="row spread">
        <h1>{t('warnings.title')}</h1>
        <span className="row">
          <VisitListLink area={area} />
          <ColumnChooser columns={columns} choices={HIDEABLE.map((it) => [it, t(NAMES[it])])} />
          <ExportLinks what="warnings" area={area} />
        </span>
      </div>
      <div className="warnings">
        <Filters filter={filter} state={state} change={change} />
        <section className="panel" aria-label={t('warnings.title')}>
          <Tools
            ids={[...selected]}
            warnings={rows.filter((it) => selected.has(it.warning_id))}
            deeds={deeds}
            clear={() => setSelected(new Set())}
          />
          {list.isError && rows.length === 0 ? (
            <Failure error={list.error} again={() => void list.refetch()} />
          ) : (
            <div className={list.isPlaceholderData ? 'dimmed' : undefined}>
              <Rows
                rows={rows}
                shown={shown}
                isPending={list.isPending}
                selected={selected}
                toggle={toggle}
                all={(on) => setSelected(new Set(on ? rows.map((it) => it.warning_id) : []))}
                at={at}
                setAt={setAt}
                explain={explain}
                near={near}
                columns={columns}
              />
            </div>
          )}
          {list.hasNextPage ? (
            <Button
              block
              style={{ marginTop: 8 }}
              loading={list.isFetchingNextPage}
              onClick={() => void list.fetchNextPage()}
            >
              {t('common.more')}
            </Button>
          ) : null}
        </section>
      </div>
      {Drawer ? (
        <Drawer
          household={address.household}
          warning={explained}
          close={() => change({ household: undefined }, true)}
          acknowledge={async (id) => {
            await deeds.run({ ids: [id], action: 'acknowledge' }, rows);
            void queries.invalidateQueries({ queryKey: ['warnings'] });
          }}
        />
      ) : null}
    </>
  );
}
