/** A token is made; its secret is told this once. */
import { useQuery } from '@tanstack/react-query';
import { Alert, Form, Input, InputNumber, Modal, Select, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '@/api/client';
import { http } from '@/api/http';
import { oneLine } from '@/components/Failure';

const SCOPES = ['counts:read', 'households:read', 'facts:write', 'warnings:acknowledge', 'people:read', 'imports:write', 'exports:read', 'policy:read'];

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
  const users = useQuery({
    queryKey: ['users'],
    queryFn: async () => (await api.GET('/api/v1/users')).data ?? [],
  });
  const send = async ({ name, ...it }: Wanted) => {
    try {
      setFailure(undefined);
      setMade(await http.post(`/users/${encodeURIComponent(name)}/tokens`, { scopes: [], ...it }));
    } catch (error) {
      setFailure(oneLine(error));
    }
  };
  return (
    <Modal
      open
      title={t('admin.new_token')}
      okText={made ? t('common.close') : t('admin.make')}
      cancelButtonProps={made ? { style: { display: 'none' } } : undefined}
      onOk={() => (made ? close() : form.submit())}
      onCancel={close}
    >
      {made ? (
        <Alert
          type="success"
          title={t('admin.token_once')}
          description={<Typography.Text copyable>{made.token}</Typography.Text>}
        />
      ) : (
        <Form form={form} layout="vertical" initialValues={{ days: 365 }} onFinish={(it) => void send(it)}>
          <Form.Item name="name" label={t('admin.acts_as')} rules={[{ required: true, message: t('admin.needs_user') }]}>
            <Select
              showSearch
              options={users.data?.filter((it) => !it.is_disabled).map((it) => ({ value: it.name, label: `${it.name} · ${t(`role.${it.role}`)}` }))}
            />
          </Form.Item>
          <Form.Item name="label" label={t('admin.label')} rules={[{ required: true, message: t('admin.needs_label') }]}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="days" label={t('admin.days')} rules={[{ required: true }]}>
            <InputNumber min={1} max={3650} />
          </Form.Item>
          <Form.Item name="scopes" label={t('admin.scopes')} extra={t('admin.scopes_hint')}>
            <Select mode="multiple" options={SCOPES.map((it) => ({ value: it, label: t(`scope.${it.replace(':', '_')}`) }))} />
          </Form.Item>
        </Form>
      )}
      {failure ? <Alert type="error" title={failure} showIcon /> : null}
    </Modal>
  );
}
