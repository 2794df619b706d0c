/** Who did what; whether the chain stands. */
import { keepPreviousData, useInfiniteQuery, useMutation } from '@tanstack/react-query';
import { Alert, Button, Input } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress } from '@/address';
import { api } from '@/api/client';
import { http } from '@/api/http';
import type { Page } from '@/api/types';
import { Failure } from '@/components/Failure';
import { useFormat } from '@/i18n/format';

interface Done {
  number: number;
  at: string;
  actor: string;
  command: string;
  subject?: string | null;
}

export function Audit() {
  const { t, i18n } = useTranslation();
  const word = (command: string) => {
    const path = `audit.${command.replaceAll('.', '_')}`;
    return i18n.exists(path) ? t(path) : '';
  };
  const format = useFormat();
  const [{ actor, command }, change] = useAddress();
  const list = useInfiniteQuery({
    queryKey: ['audit', actor, command],
    queryFn: ({ pageParam }) =>
      http.get<Page<Done>>('/audit', { actor, command, cursor: pageParam }),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
    placeholderData: keepPreviousData,
  });
  const verify = useMutation({
    mutationFn: async () => (await api.GET('/api/v1/audit/verification')).data,
  });
  const rows = list.data?.pages.flatMap((it) => it.items) ?? [];
  return (
    <section className="panel">
      <header>
        <h2>{t('admin.audit')}</h2>
        <span className="row">
          <Input.Search
            allowClear
            style={{ width: 150 }}
            defaultValue={actor}
            placeholder={t('admin.actor')}
            aria-label={t('admin.actor')}
            onSearch={(it) => change({ actor: it || undefined })}
          />
          <Input.Search
            allowClear
            style={{ width: 210 }}
            defaultValue={command}
            placeholder={t('admin.command')}
            aria-label={t('admin.command')}
            onSearch={(it) => change({ command: it || undefined })}
          />
          <Button type="primary" loading={verify.isPending} onClick={() => verify.mutate()}>
            {t('admin.verify')}
          </Button>
        </span>
      </header>
      {verify.isError ? <Failure error={verify.error} /> : null}
      {verify.data ? (
        <Alert
          showIcon
          type={verify.data.is_whole ? 'success' : 'error'}
          title={
            verify.data.is_whole
              ? t('admin.whole', { n: format.number(verify.data.rows) })
              : t('admin.broken', { n: format.number(verify.data.broken_at) })
          }
          style={{ marginBottom: 8 }}
        />
      ) : null}
      {list.isSuccess && rows.length === 0 ? <div className="empty quiet">{t('admin.no_audit')}</div> : null}
      {list.isError && rows.length === 0 ? <Failure error={list.error} /> : null}
      <div className="scroll" tabIndex={0} role="region" aria-label={t('admin.audit')}>
        <table className={list.isPlaceholderData ? 'plain dimmed' : 'plain'}>
          <thead>
            <tr>
              <th className="num">{t('admin.number')}</th>
              <th>{t('common.when')}</th>
              <th>{t('admin.actor')}</th>
              <th>{t('admin.what')}</th>
              <th>{t('admin.subject')}</th>
            </tr>
          </thead>
          <tbody>
            {rows.map((it) => (
              <tr key={it.number}>
                <td className="num quiet">{it.number}</td>
                <td title={it.at} className="nowrap">{format.exact(it.at)}</td>
                <td>{it.actor}</td>
                <td>
                  {word(it.command)} <span className="quiet">{it.command}</span>
                </td>
                <td className="quiet">{it.subject}</td>
              </tr>
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
  );
}
