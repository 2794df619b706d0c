/** A webhook is made; its secret is told this once. */
import { Form, Input, Select } from 'antd';
import { useCallback } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { http } from '@/api/http';
import { FormDialog } from '@/components/FormDialog';
import { AreaSelect } from './AreaSelect';

const KINDS = [
  'warning.raised',
  'warning.changed',
  'warning.ended',
  'warning.acknowledged',
  'warning.reopened',
  'warning.assigned',
  'warning.suppressed',
];

export function useEventWords(): (kind: string) => string {
  const { t, i18n } = useTranslation();
  return useCallback(
    (kind) => {
      const path = `admin.event_${kind.replaceAll('.', '_')}`;
      return i18n.exists(path) ? t(path) : kind;
    },
    [t, i18n],
  );
}

interface Wanted {
  url: string;
  label: string;
  kinds?: string[];
  areas: string[];
}

export function WebhookDialog({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const word = useEventWords();
  return (
    <FormDialog<Wanted, { secret: string }>
      title={t('admin.new_webhook')}
      okText={t('admin.make')}
      initial={{ areas: ['*'] }}
      changes={['webhooks']}
      send={(it) => http.post('/webhooks', { ...it, kinds: it.kinds ?? [] })}
      once={{ title: t('admin.secret_once'), of: (it) => it.secret }}
      close={() => close()}
    >
      <Form.Item name="label" label={t('admin.label')} rules={[{ required: true, message: t('admin.needs_label') }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="url" label={t('admin.to')} rules={[{ required: true, type: 'url', message: t('admin.needs_url') }]}>
        <Input placeholder="https://" />
      </Form.Item>
      <Form.Item name="kinds" label={t('admin.kinds')} extra={t('admin.kinds_hint')}>
        <Select mode="multiple" options={KINDS.map((it) => ({ value: it, label: word(it) }))} />
      </Form.Item>
      <Form.Item name="areas" label={t('admin.areas')} extra={t('admin.areas_hint')} rules={[{ required: true, message: t('admin.needs_area') }]}>
        <AreaSelect />
      </Form.Item>
    </FormDialog>
  );
}
