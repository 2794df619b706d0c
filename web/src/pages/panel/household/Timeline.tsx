/** Facts, scores, warnings, corrections: newest first, each with its source. */
import { useInfiniteQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { timeline } from '@/api/household';
import { Failure } from '@/components/Failure';
import { useFormat } from '@/i18n/format';

const MARKS: Record<string, string> = { fact: '●', score: '◆', warning: '▲', correction: '↺' };

export function Timeline({ id }: { id: string }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const list = useInfiniteQuery({
    queryKey: ['household', id, 'timeline'],
    queryFn: ({ pageParam }) => timeline(id, pageParam),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (last) => last.next ?? undefined,
  });
  const items = list.data?.pages.flatMap((it) => it.items) ?? [];
  const word = (kind: string) => (i18n.exists(`timeline.${kind}`) ? t(`timeline.${kind}`) : kind);
  return (
    <section className="panel">
      <header>
        <h2>{t('household.timeline')}</h2>
      </header>
      {list.isError && items.length === 0 ? (
        <Failure error={list.error} again={() => void list.refetch()} />
      ) : null}
      {list.isSuccess && items.length === 0 ? <p className="quiet">{t('empty.title')}</p> : null}
      <ol className="timeline" tabIndex={0} aria-label={t('household.timeline')}>
        {items.map((it, n) => (
          <li key={`${it.at}-${n}`} className={it.superseded_by ? 'superseded' : undefined}>
            <span className={`kind ${it.kind}`} aria-hidden="true">
              {MARKS[it.kind] ?? '●'}
            </span>
            <span className="visually-hidden">{word(it.kind)}</span>
            <span className="text">
              {format.pick(it.text)}
              {it.reason ? <q className="reason">{it.reason}</q> : null}
              <span className="quiet">
                {it.source ? ` · ${it.source}` : ''}
                {it.superseded_by ? ` · ${t('household.superseded')}` : ''}
              </span>
            </span>
            <time className="quiet tab" title={format.exact(it.at)}>
              {format.day(it.valid_from && it.valid_from.length === 10 ? it.valid_from : it.at)}
            </time>
          </li>
        ))}
      </ol>
      {list.hasNextPage ? (
        <Button block onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t('common.more')}
        </Button>
      ) : null}
    </section>
  );
}
