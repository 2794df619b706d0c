/** A user is made or changed: role, areas, and a first password. */
import { Alert, Form, Input, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { User } from '@/api/client';
import { http } from '@/api/http';
import { oneLine } from '@/components/Failure';
import { AreaSelect } from './AreaSelect';

const ROLES = ['officer', 'supervisor', 'statistician', 'administrator'];

interface Props {
  user: Partial<User>;
  close: () => void;
}

export function UserDialog({ user, close }: Props) {
  const { t } = useTranslation();
  const [form] = Form.useForm();
  const [failure, setFailure] = useState<string>();
  const [isSending, setSending] = useState(false);
  const role = Form.useWatch('role', form) as string | undefined;
  const isNew = user.name === undefined;
  const send = async (it: unknown) => {
    setSending(true);
    try {
      await http.put('/users', it);
      close();
    } catch (error) {
      setFailure(oneLine(error));
      setSending(false);
    }
  };
  return (
    <Modal
      open
      title={user.name ?? t('admin.new_user')}
      okText={t('common.save')}
      okButtonProps={{ loading: isSending }}
      onOk={() => form.submit()}
      onCancel={close}
    >
      <Form
        form={form}
        layout="vertical"
        onFinish={(it) => void send(it)}
        initialValues={{ areas: ['*'], role: 'officer', ...user }}
      >
        <Form.Item
          name="name"
          label={t('sign_in.name')}
          rules={[{ required: true, pattern: /^[0-9A-Za-z_.@-]{1,64}$/, message: t('admin.name_hint') }]}
        >
          <Input disabled={!isNew} autoComplete="off" />
        </Form.Item>
        <Form.Item name="role" label={t('admin.role')} extra={role ? t(`admin.may_${role}`) : undefined} rules={[{ required: true }]}>
          <Select options={ROLES.map((it) => ({ value: it, label: t(`role.${it}`) }))} />
        </Form.Item>
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
      </Form>
      {failure ? <Alert type="error" title={failure} showIcon /> : null}
    </Modal>
  );
}
