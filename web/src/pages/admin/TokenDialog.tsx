/** A token is made; its secret is told this once. */
import { useQuery } from '@tanstack/react-query';
import { Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { api } from '@/api/client';
import { http } from '@/api/http';
import { FormDialog } from '@/components/FormDialog';

const SCOPES = ['counts:read', 'households:read', 'facts:write', 'warnings:acknowledge', 'people:read', 'imports:write', 'exports:read', 'policy:read'];

interface Wanted {
  name: string;
  label: string;
  days: number;
  scopes?: string[];
}

export function TokenDialog({ close }: { close: () => void }) {
  const { t } = useTranslation();
  const users = useQuery({
    queryKey: ['users'],
    queryFn: async () => (await api.GET('/api/v1/users')).data ?? [],
  });
  return (
    <FormDialog<Wanted, { token: string }>
      title={t('admin.new_token')}
      okText={t('admin.make')}
      initial={{ days: 365 }}
      changes={['tokens']}
      send={({ name, ...it }) => http.post(`/users/${encodeURIComponent(name)}/tokens`, { scopes: [], ...it })}
      once={{ title: t('admin.token_once'), of: (it) => it.token }}
      close={() => close()}
    >
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
    </FormDialog>
  );
}
