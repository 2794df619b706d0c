/** What became of the events of a webhook; what was given up can be sent once more. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { http } from '@/api/http';
import type { Page } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { useSaving } from '@/components/useSaving';
import { useFormat } from '@/i18n/format';

interface Delivery {
  number: number;
  state: string;
  attempts: number;
  at: string;
  answer?: number | null;
  fault?: string | null;
}

export function Deliveries({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useQuery({
    queryKey: ['webhooks', id],
    queryFn: () => http.get<Page<Delivery>>(`/webhooks/${id}/deliveries`),
    refetchInterval: 5000,
  });
  const { run } = useSaving({ changes: ['webhooks'] });
  return (
    <>
      <h3 style={{ margin: '12px 0 4px' }}>{t('admin.deliveries')}</h3>
      <Loaded query={list} empty={(it) => it.items.length === 0} emptyText={t('admin.no_deliveries')}>
        {({ items }) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('admin.deliveries')}>
            <table className="plain">
              <thead>
                <tr>
                  <th className="num">{t('admin.event')}</th>
                  <th>{t('common.state')}</th>
                  <th className="num">{t('admin.attempts')}</th>
                  <th>{t('admin.answer')}</th>
                  <th>{t('common.when')}</th>
                  <th>
                    <span className="visually-hidden">{t('admin.deeds')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((it) => (
                  <tr key={it.number}>
                    <td className="num">{it.number}</td>
                    <td>{t(`admin.delivery_${it.state}`)}</td>
                    <td className="num">{it.attempts}</td>
                    <td>{it.answer ?? it.fault}</td>
                    <td className="quiet" title={format.exact(it.at)}>
                      {format.ago(it.at)}
                    </td>
                    <td className="num">
                      {it.state === 'dead' ? (
                        <Button onClick={() => void run(() => http.post(`/webhooks/${id}/deliveries/${it.number}/retry`))}>
                          {t('common.retry')}
                        </Button>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </>
  );
}
