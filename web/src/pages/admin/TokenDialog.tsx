/** A token is made; its secret is told this once. */
import { Alert, Form, Input, InputNumber, Modal, Select, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/http';
import { oneLine } from '@/components/Failure';

const SCOPES = ['counts:read', 'households:read', 'facts:write', 'warnings:acknowledge', 'imports:write', 'exports:read'];

interface Wanted {
  name: string;
  label: string;
  days: number;
  scopes?: string[];
}

export function TokenDialog({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const [form] = Form.useForm<Wanted>();
  const [made, setMade] = useState<{ token: string; until: string }>();
  const [failure, setFailure] = useState<string>();
  const send = async () => {
    if (made) return close();
    const { name, ...it } = await form.validateFields();
    try {
      setMade(await http.post(`/users/${encodeURIComponent(name)}/tokens`, { scopes: [], ...it }));
    } catch (error) {
      setFailure(oneLine(error));
    }
  };
  return (
    <Modal open title={t('admin.new_token')} onOk={() => void send()} onCancel={close}>
      {made ? (
        <Alert
          type="success"
          title={t('admin.token_once')}
          description={<Typography.Text copyable>{made.token}</Typography.Text>}
        />
      ) : (
        <Form form={form} layout="vertical" initialValues={{ days: 365 }}>
          <Form.Item name="name" label={t('admin.acts_as')} rules={[{ required: true }]}>
            <Input />
          </Form.Item>
          <Form.Item name="label" label={t('admin.label')} rules={[{ required: true }]}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="days" label={t('admin.days')} rules={[{ required: true }]}>
            <InputNumber min={1} max={3650} />
          </Form.Item>
          <Form.Item name="scopes" label={t('admin.scopes')}>
            <Select mode="multiple" options={SCOPES.map((it) => ({ value: it, label: it }))} />
          </Form.Item>
        </Form>
      )}
      {failure ? <Alert type="error" title={failure} /> : null}
    </Modal>
  );
}
