/** Where events are sent to, and what did not arrive. */
import { useQuery } from '@tanstack/react-query';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { http } from '@/api/http';
import type { Page } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { useSaving } from '@/components/useSaving';
import { Deliveries } from './Deliveries';
import { useEventWords, WebhookDialog } from './WebhookDialog';

interface Webhook {
  webhook_id: string;
  url: string;
  label: string;
  kinds: string[];
  areas: string[];
  behind: number;
}

export function Webhooks() {
  const { t } = useTranslation();
  const [isMaking, setMaking] = useState(false);
  const [at, setAt] = useState<string>();
  const word = useEventWords();
  const hooks = useQuery({
    queryKey: ['webhooks'],
    queryFn: () => http.get<Page<Webhook>>('/webhooks'),
  });
  const { run } = useSaving({ changes: ['webhooks'] });
  return (
    <section className="panel">
      <header>
        <h2>{t('admin.webhooks')}</h2>
        <Button type="primary" onClick={() => setMaking(true)}>
          {t('admin.new_webhook')}
        </Button>
      </header>
      <Loaded query={hooks} empty={(it) => it.items.length === 0} emptyText={t('admin.no_webhooks')}>
        {({ items }) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('admin.webhooks')}>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('admin.label')}</th>
                  <th>{t('admin.to')}</th>
                  <th>{t('admin.kinds')}</th>
                  <th>{t('common.state')}</th>
                  <th>
                    <span className="visually-hidden">{t('admin.deeds')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((it) => (
                  <tr key={it.webhook_id}>
                    <td>{it.label}</td>
                    <td className="quiet">{it.url}</td>
                    <td className="quiet">{it.kinds.map((kind) => word(kind)).join(', ') || t('common.all')}</td>
                    <td>{it.behind ? t('admin.behind', { n: it.behind }) : t('admin.up_to_date')}</td>
                    <td className="num">
                      <Button onClick={() => setAt(at === it.webhook_id ? undefined : it.webhook_id)} aria-expanded={at === it.webhook_id}>{t('admin.deliveries')}</Button>{' '}
                      <Popconfirm title={t('admin.end_webhook')} onConfirm={() => run(() => http.delete(`/webhooks/${it.webhook_id}`))}>
                        <Button danger>{t('admin.end')}</Button>
                      </Popconfirm>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {at ? <Deliveries id={at} /> : null}
      {isMaking ? <WebhookDialog close={() => setMaking(false)} /> : null}
    </section>
  );
}
