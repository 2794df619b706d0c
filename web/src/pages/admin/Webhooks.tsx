/** Where events are sent to, and what did not arrive. */
import { useQuery } from '@tanstack/react-query';
import { Alert, App, Button, Form, Input, Modal, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/http';
import type { Page } from '@/api/types';
import { oneLine } from '@/components/Failure';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

interface Webhook {
  webhook_id: string;
  url: string;
  label: string;
  kinds: string[];
  areas: string[];
  behind: number;
}

interface Delivery {
  number: number;
  state: string;
  attempts: number;
  at: string;
  answer?: number | null;
  fault?: string | null;
}

const KINDS = ['warning.raised', 'warning.changed', 'warning.ended', 'warning.acknowledged'];

export function Webhooks() {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const [isMaking, setMaking] = useState(false);
  const [at, setAt] = useState<string>();
  const hooks = useQuery({
    queryKey: ['webhooks'],
    queryFn: () => http.get<Page<Webhook>>('/webhooks'),
  });
  const end = async (id: string) => {
    try {
      await http.delete(`/webhooks/${id}`);
      await hooks.refetch();
    } catch (error) {
      notification.error({ title: oneLine(error) });
    }
  };
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
          <table className="plain">
            <tbody>
              {items.map((it) => (
                <tr key={it.webhook_id}>
                  <td>{it.label}</td>
                  <td className="quiet">{it.url}</td>
                  <td className="quiet">{it.kinds.join(', ') || t('common.all')}</td>
                  <td>{it.behind ? t('admin.behind', { n: it.behind }) : t('admin.up_to_date')}</td>
                  <td className="num">
                    <Button onClick={() => setAt(it.webhook_id)}>{t('admin.deliveries')}</Button>{' '}
                    <Popconfirm title={t('admin.end_webhook')} onConfirm={() => end(it.webhook_id)}>
                      <Button danger>{t('admin.end')}</Button>
                    </Popconfirm>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Loaded>
      {at ? <Deliveries id={at} /> : null}
      {isMaking ? (
        <Making
          close={() => {
            setMaking(false);
            void hooks.refetch();
          }}
        />
      ) : null}
    </section>
  );
}

function Deliveries({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const list = useQuery({
    queryKey: ['webhooks', id],
    queryFn: () => http.get<Page<Delivery>>(`/webhooks/${id}/deliveries`),
  });
  const again = async (n: number) => {
    await http.post(`/webhooks/${id}/deliveries/${n}/retry`).catch(() => undefined);
    await list.refetch();
  };
  return (
    <Loaded query={list} empty={(it) => it.items.length === 0} emptyText={t('admin.no_deliveries')}>
      {({ items }) => (
        <table className="plain">
          <tbody>
            {items.map((it) => (
              <tr key={it.number}>
                <td className="num">{it.number}</td>
                <td>{it.state}</td>
                <td className="num">{it.attempts}</td>
                <td>{it.answer ?? it.fault}</td>
                <td className="quiet">{format.ago(it.at)}</td>
                <td className="num">
                  <Button onClick={() => void again(it.number)}>{t('common.retry')}</Button>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </Loaded>
  );
}

function Making({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ url: string; label: string; kinds: string[] }>();
  const [secret, setSecret] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const send = async () => {
    if (secret) return close();
    const it = await form.validateFields();
    try {
      setSecret((await http.post<{ secret: string }>('/webhooks', { areas: ['*'], ...it, kinds: it.kinds ?? [] })).secret);
    } catch (error) {
      setFailure(oneLine(error));
    }
  };
  return (
    <Modal open title={t('admin.new_webhook')} onOk={() => void send()} onCancel={close}>
      {secret ? <Alert type="success" title={t('admin.secret_once')} description={secret} /> : null}
      <Form form={form} layout="vertical" hidden={Boolean(secret)}>
        <Form.Item name="label" label={t('admin.label')} rules={[{ required: true }]}>
          <Input maxLength={100} />
        </Form.Item>
        <Form.Item name="url" label="URL" rules={[{ required: true, type: 'url' }]}>
          <Input placeholder="https://" />
        </Form.Item>
        <Form.Item name="kinds" label={t('admin.kinds')}>
          <Select mode="multiple" options={KINDS.map((it) => ({ value: it, label: it }))} />
        </Form.Item>
      </Form>
      {failure ? <Alert type="error" title={failure} /> : null}
    </Modal>
  );
}
