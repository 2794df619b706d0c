/** A webhook is made; its secret is told this once. */
import { Alert, Form, Input, Modal, Select, Typography } from 'antd';
import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/http';
import { oneLine } from '@/components/Failure';
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
  const [form] = Form.useForm<Wanted>();
  const [secret, setSecret] = useState<string>();
  const [failure, setFailure] = useState<string>();
  const send = async (it: Wanted) => {
    try {
      const made = await http.post<{ secret: string }>('/webhooks', { ...it, kinds: it.kinds ?? [] });
      setFailure(undefined);
      setSecret(made.secret);
    } catch (error) {
      setFailure(oneLine(error));
    }
  };
  return (
    <Modal
      open
      title={t('admin.new_webhook')}
      okText={secret ? t('common.close') : t('admin.make')}
      cancelButtonProps={secret ? { style: { display: 'none' } } : undefined}
      onOk={() => (secret ? close() : form.submit())}
      onCancel={close}
    >
      {secret ? (
        <Alert
          type="success"
          title={t('admin.secret_once')}
          description={<Typography.Text copyable>{secret}</Typography.Text>}
        />
      ) : (
        <Form form={form} layout="vertical" initialValues={{ areas: ['*'] }} onFinish={(it) => void send(it)}>
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
        </Form>
      )}
      {failure ? <Alert type="error" title={failure} showIcon /> : null}
    </Modal>
  );
}
