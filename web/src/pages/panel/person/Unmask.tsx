/** Asks for the reason that is kept with who looked and when. */
import { Alert, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { unmask } from '@/api/people';
import type { Sealed } from '@/api/types';
import { oneLine } from '@/components/Failure';

interface Props {
  id: string;
  fields: string[];
  close: (shown?: Sealed[]) => void;
}

export function Unmask({ id, fields, close }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm<{ reason: string }>();
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  const send = async ({ reason }: { reason: string }) => {
    setSending(true);
    try {
      close((await unmask(id, reason.replaceAll('\n', ' ').trim(), fields)).fields);
    } catch (error) {
      setFailure(oneLine(error));
      setSending(false);
    }
  };
  return (
    <Modal
      open
      title={t('person.show')}
      okText={t('person.show_now')}
      okButtonProps={{ loading: isSending }}
      onOk={() => form.submit()}
      onCancel={() => close()}
    >
      <p className="quiet" style={{ marginBottom: 8 }}>
        {t('person.logged')}
      </p>
      <Form form={form} layout="vertical" onFinish={(it) => void send(it)}>
        <Form.Item
          name="reason"
          label={t('common.reason')}
          rules={[{ required: true, whitespace: true, min: 5, message: t('person.reason_short') }]}
        >
          <Input.TextArea rows={2} maxLength={200} autoFocus />
        </Form.Item>
      </Form>
      {failure ? <Alert type="error" title={failure} showIcon /> : null}
    </Modal>
  );
}
