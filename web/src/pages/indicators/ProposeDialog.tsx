/** From which day, and why: what the second person reads. */
import { Alert, Form, Input, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { propose, type Version } from '@/api/policy';
import { oneLine } from '@/components/Failure';

interface Wanted {
  from: string;
  note?: string;
}

export function ProposeDialog({ it, close }: { it: Version; close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Wanted>();
  const [failure, setFailure] = useState<string>();
  const send = async ({ from, note }: Wanted) => {
    try {
      await propose(it.hash, from, note);
      close();
    } catch (error) {
      setFailure(oneLine(error));
    }
  };
  return (
    <Modal
      open
      title={t('policy.propose_version', { version: it.version })}
      okText={t('policy.propose')}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form form={form} layout="vertical" onFinish={(wanted) => void send(wanted)}>
        <Form.Item name="from" label={t('policy.from_day')} extra={t('policy.from_hint')} rules={[{ required: true, message: t('visit.needs_day') }]}>
          <Input type="date" />
        </Form.Item>
        <Form.Item name="note" label={t('policy.why')}>
          <Input.TextArea rows={2} maxLength={500} />
        </Form.Item>
      </Form>
      {failure ? <Alert type="error" title={failure} showIcon /> : null}
    </Modal>
  );
}
