/** Households in the order of their scores, the worst first. */
import { keepPreviousData, useInfiniteQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Segmented } from 'antd';
import { memo, useMemo } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress, type Address } from '@/address';
import { useIndicatorNames } from '@/api/names';
import { useHistory } from '@/api/situation';
import { scoresOf } from '@/api/scores';
import type { Score } from '@/api/types';
import { usePolicy } from '@/api/policy';
import { AreaName } from '@/components/AreaName';
import { BandChip } from '@/components/BandChip';
import { ColumnChooser, useColumns } from '@/components/columns';
import { Placeholder } from '@/components/Placeholder';
import { intent } from '@/components/intent';
import { ExportLinks } from '@/components/ExportLinks';
import { Failure } from '@/components/Failure';
import { Link } from '@/components/Link';
import { useRowKeys } from '@/components/useRowKeys';
import { useFirstRows } from '@/components/useFirstRows';
import { useFormat } from '@/i18n/format';
import { BANDS } from '@/theme/bands';
import './scores.css';

export default function Scores() {
  const { t } = useTranslation();
  const format = useFormat();
  const [address, change] = useAddress();
  const queries = useQueryClient();
  const modules = usePolicy().data?.modules;
  const list = useInfiniteQuery({ ...scoresOf(address), placeholderData: keepPreviousData });
  const rows = useMemo(() => list.data?.pages.flatMap((it) => it.items) ?? [], [list.data]);
  const shownRows = useFirstRows(rows, [address.area, address.period, address.band].join(), list);
  const names = useIndicatorNames();
  const navigate = useNavigate();
  const at = useRowKeys(shownRows.length, (n) => {
    const id = shownRows[n]?.household_id;
    if (id) void navigate({ to: '/households/$id', params: { id } });
  });
  const ids = rows[0]?.modules.map((it) => it.module) ?? modules?.map((it) => it.id) ?? [];
  const chosen = useColumns('scores');
  const shown = ids.filter(chosen.shows).join(' ');
  const columns = useMemo(() => shown.split(' ').filter(Boolean), [shown]);
  const name = (id: string) => format.pick(modules?.find((it) => it.id === id)?.label) || id;
  const options = [
    { value: '', label: t('common.all') },
    ...BANDS.map((it) => ({
      value: it,
      label: (
        <span {...intent(() => void queries.prefetchInfiniteQuery(scoresOf({ ...address, band: it })))}>
          <BandChip band={it} />
        </span>
      ),
    })),
  ];
  return (
    <>
      <div className="row spread">
        <h1>
          {t('nav.scores')} <Total area={address.area} period={address.period} band={address.band} />
        </h1>
        <span className="row">
          <Segmented
            className="bands-of"
            aria-label={t('common.band')}
            value={address.band ?? ''}
            options={options}
            onChange={(it) => change({ band: it || undefined })}
          />
          <ColumnChooser columns={chosen} choices={ids.map((id) => [id, name(id)])} />
          <ExportLinks what="scores" area={address.area} />
        </span>
      </div>
      <section className="panel">
        {list.isError && rows.length === 0 ? (
          <Failure error={list.error} again={() => void list.refetch()} />
        ) : null}
        {list.isPending ? <Placeholder lines={12} /> : null}
        {list.isSuccess && rows.length === 0 ? <div className="empty quiet">{t('scores.empty')}</div> : null}
        <div className="tall scores" tabIndex={0} role="region" aria-label={t('nav.scores')}>
          <table className={list.isPlaceholderData ? 'plain dimmed' : 'plain'}>
            <thead>
              <tr>
                <th>{t('common.household')}</th>
                <th>{t('common.area')}</th>
                <th>{t('common.band')}</th>
                <th className="num">{t('common.composite')}</th>
                <th className="num">{t('common.confidence')}</th>
                {columns.map((it) => (
                  <th key={it} className="num">
                    {name(it)}
                  </th>
                ))}
                <th>{t('common.reasons')}</th>
              </tr>
            </thead>
            <tbody>
              {shownRows.map((it, n) => (
                <Row key={it.household_id} it={it} columns={columns} names={names} isCurrent={n === at} />
              ))}
            </tbody>
          </table>
        </div>
        {list.hasNextPage ? (
          <Button block onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            {t('common.more')}
          </Button>
        ) : null}
      </section>
    </>
  );
}

/** How many there are, all of them and in the band. */
function Total({ area, period, band }: Address) {
  const { t } = useTranslation();
  const { number } = useFormat();
  const now = useHistory(area, period).data?.items.at(-1);
  if (!now) return null;
  const all = number(now.households);
  return (
    <span className="quiet tab total">
      {band ? t('scores.some', { n: number(now.bands[band] ?? 0), all }) : t('scores.all', { all })}
    </span>
  );
}

interface RowProps {
  it: Score;
  columns: string[];
  names: (id: string) => string;
  isCurrent: boolean;
}

const Row = memo(function Row({ it, columns, names, isCurrent }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <tr aria-current={isCurrent || undefined}>
      <td>
        <Link to="/households/$id" params={{ id: it.household_id }}>
          {it.household_id}
        </Link>
      </td>
      <td>
        <AreaName code={it.area_code} />
      </td>
      <td>
        <BandChip band={it.band} />
      </td>
      <td className="num">{format.score(it.composite)}</td>
      <td className="num">{format.share(it.confidence)}</td>
      {columns.map((id) => {
        const module = it.modules.find((m) => m.module === id);
        return (
          <td key={id} className="num">
            {module?.is_worsening ? <span title={t('scores.worsening')}>▲ </span> : null}
            {format.score(module?.score)}
          </td>
        );
      })}
      <td className="quiet reasons">{it.reasons.map((r) => names(r.indicator)).join(t('warnings.joint'))}</td>
    </tr>
  );
});
