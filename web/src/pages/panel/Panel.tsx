/** Who is in the register: search, lists, saved views. */
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { Button, Input } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress } from '@/address';
import { http } from '@/api/http';
import { useMay } from '@/api/me';
import type { Page, Person } from '@/api/types';
import { AreaName } from '@/components/AreaName';
import { ColumnChooser, useColumns } from '@/components/columns';
import { ExportLinks } from '@/components/ExportLinks';
import { Failure } from '@/components/Failure';
import { Link } from '@/components/Link';
import { Placeholder } from '@/components/Placeholder';
import { useRowKeys } from '@/components/useRowKeys';
import { useFormat } from '@/i18n/format';
import { useRegistryWords } from './person/words';
import { Views } from './Views';

export default function Panel() {
  const { t } = useTranslation();
  const format = useFormat();
  const [address, change] = useAddress();
  const may = useMay();
  const list = useInfiniteQuery({
    queryKey: ['people', address.q, address.area],
    queryFn: ({ pageParam }) =>
      http.get<Page<Person>>('/people', { q: address.q, area: address.area, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const rows = list.data?.pages.flatMap((it) => it.items) ?? [];
  const columns = useColumns('people');
  const word = useRegistryWords();
  const navigate = useNavigate();
  const at = useRowKeys(rows.length, (n) => {
    const id = rows[n]?.person_id;
    if (id) void navigate({ to: '/people/$id', params: { id } });
  });
  return (
    <>
      <div className="row spread">
        <h1>{t('nav.panel')}</h1>
        <span className="row">
          <Views page="panel" />
          {may('people:merge') ? <Link to="/duplicates">{t('panel.duplicates')}</Link> : null}
          <ColumnChooser
            columns={columns}
            choices={[
              ['area', t('common.area')],
              ['relation', t('panel.relation')],
              ['sex', t('panel.sex')],
              ['born', t('panel.born')],
            ]}
          />
          <ExportLinks what="members" area={address.area} />
        </span>
      </div>
      <section className="panel">
        <Input.Search
          allowClear
          key={address.q}
          defaultValue={address.q}
          aria-label={t('panel.search')}
          placeholder={t('panel.search')}
          onSearch={(it) => change({ q: it || undefined })}
          style={{ maxWidth: 420, marginBottom: 8 }}
        />
        {list.isError && rows.length === 0 ? (
          <Failure error={list.error} again={() => void list.refetch()} />
        ) : null}
        {list.isPending ? <Placeholder lines={10} /> : null}
        {list.isSuccess && rows.length === 0 ? <div className="empty quiet">{t('panel.empty')}</div> : null}
        {rows.length > 0 ? (
          <div className="tall" tabIndex={0} role="region" aria-label={t('nav.panel')}>
            <table className={list.isPlaceholderData ? 'plain dimmed' : 'plain'}>
              <thead>
                <tr>
                  <th>{t('common.name')}</th>
                  <th>{t('common.household')}</th>
                  {columns.shows('area') ? <th>{t('common.area')}</th> : null}
                  {columns.shows('relation') ? <th>{t('panel.relation')}</th> : null}
                  {columns.shows('sex') ? <th>{t('panel.sex')}</th> : null}
                  {columns.shows('born') ? <th className="num">{t('panel.born')}</th> : null}
                </tr>
              </thead>
              <tbody>
                {rows.map((it, n) => (
                  <tr key={it.person_id} aria-current={n === at || undefined}>
                    <td className="nowrap">
                      <Link to="/people/$id" params={{ id: it.person_id }}>
                        {it.name ?? '•••'}
                      </Link>
                    </td>
                    <td>
                      {it.household_id ? (
                        <Link to="/households/$id" params={{ id: it.household_id }}>
                          {it.household_code ?? it.household_id}
                        </Link>
                      ) : (
                        '–'
                      )}
                    </td>
                    {columns.shows('area') ? (
                      <td className="nowrap">
                        <AreaName code={it.area_code} />
                      </td>
                    ) : null}
                    {columns.shows('relation') ? <td>{word('relation', it.relation)}</td> : null}
                    {columns.shows('sex') ? <td>{word('sex', it.sex)}</td> : null}
                    {columns.shows('born') ? <td className="num">{format.day(it.birth_date)}</td> : null}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        ) : null}
        {list.hasNextPage ? (
          <Button block onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
            {t('common.more')}
          </Button>
        ) : null}
      </section>
    </>
  );
}
