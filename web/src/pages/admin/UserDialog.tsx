/** A user is made or changed: role, areas, and a first password. */
import { Form, Input, Select } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import type { User } from '@/api/client';
import { http } from '@/api/http';
import { FormDialog } from '@/components/FormDialog';
import { AreaSelect } from './AreaSelect';

const ROLES = ['officer', 'supervisor', 'statistician', 'administrator'];

interface Props {
  user: Partial<User>;
  close: () => void;
}

export function UserDialog({ user, close }: Props) {
  const { t } = useTranslation();
  const isNew = user.name === undefined;
  return (
    <FormDialog
      title={user.name ?? t('admin.new_user')}
      okText={t('common.save')}
      initial={{ areas: ['*'], role: 'officer', ...user }}
      changes={['users']}
      send={(it) => http.put('/users', it)}
      close={close}
    >
      <Form.Item
        name="name"
        label={t('sign_in.name')}
        rules={[{ required: true, pattern: /^[\p{L}\p{M}\p{N}_.@-]{1,64}$/u, message: t('admin.name_hint') }]}
      >
        <Input disabled={!isNew} autoComplete="off" />
      </Form.Item>
      <Role />
      <Form.Item name="areas" label={t('admin.areas')} extra={t('admin.areas_hint')} rules={[{ required: true, message: t('admin.needs_area') }]}>
        <AreaSelect />
      </Form.Item>
      <Form.Item
        name="password"
        label={t('admin.first_password')}
        extra={isNew ? t('admin.first_password_hint') : t('admin.new_password_hint')}
        rules={[{ required: true, min: 10, message: t('admin.first_password') }]}
      >
        <Input.Password autoComplete="new-password" />
      </Form.Item>
    </FormDialog>
  );
}

function Role() {
  const { t } = useTranslation();
  const role = Form.useWatch<string | undefined>('role');
  return (
    <Form.Item name="role" label={t('admin.role')} extra={role ? t(`admin.may_${role}`) : undefined} rules={[{ required: true }]}>
      <Select options={ROLES.map((it) => ({ value: it, label: t(`role.${it}`) }))} />
    </Form.Item>
  );
}
