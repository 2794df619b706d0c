import { useQuery } from '@tanstack/react-query';
import { App, Button, Form, Input, Modal, Popconfirm, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, type User } from '@/api/client';
import { useAreas } from '@/api/areas';
import { http } from '@/api/http';
import { oneLine } from '@/components/Failure';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

const ROLES = ['officer', 'supervisor', 'statistician', 'administrator'];

export function Users() {
  const { t } = useTranslation();
  const format = useFormat();
  const { notification } = App.useApp();
  const [edited, setEdited] = useState<Partial<User>>();
  const users = useQuery({
    queryKey: ['users'],
    queryFn: async () => {
      const data: unknown = (await api.GET('/api/v1/users')).data;
      return Array.isArray(data) ? (data as User[]) : ((data as { items?: User[] }).items ?? []);
    },
  });
  const run = async (work: Promise<unknown>) => {
    try {
      await work;
      await users.refetch();
    } catch (error) {
      notification.error({ title: oneLine(error) });
    }
  };
  return (
    <section className="panel">
      <header>
        <h2>{t('admin.users')}</h2>
        <Button type="primary" onClick={() => setEdited({})}>
          {t('admin.new_user')}
        </Button>
      </header>
      <Loaded query={users}>
        {(all) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('admin.users')}>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('common.name')}</th>
                  <th>{t('admin.role')}</th>
                  <th>{t('admin.areas')}</th>
                  <th>{t('common.state')}</th>
                  <th>{t('admin.since')}</th>
                  <th />
                </tr>
              </thead>
              <tbody>
                {all.map((it) => (
                  <tr key={it.name}>
                    <td>{it.name}</td>
                    <td>{t(`role.${it.role}`)}</td>
                    <td>{it.areas.join(', ')}</td>
                    <td>
                      {it.is_disabled ? t('admin.disabled') : it.is_locked ? t('admin.locked') : t('admin.active')}
                    </td>
                    <td className="quiet">{format.day(it.created_at)}</td>
                    <td className="num">
                      <Button onClick={() => setEdited(it)}>{t('admin.change')}</Button>{' '}
                      <Popconfirm
                        title={t('admin.disable_sure', { name: it.name })}
                        onConfirm={() => run(http.delete(`/users/${encodeURIComponent(it.name)}`))}
                      >
                        <Button danger disabled={it.is_disabled}>
                          {t('admin.disable')}
                        </Button>
                      </Popconfirm>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {edited ? (
        <UserDialog
          user={edited}
          close={() => setEdited(undefined)}
          save={(it) => run(http.put('/users', it))}
        />
      ) : null}
    </section>
  );
}

interface DialogProps {
  user: Partial<User>;
  close: () => void;
  save: (it: unknown) => Promise<void>;
}

function UserDialog({ user, close, save }: DialogProps) {
  const { t } = useTranslation();
  const { pick } = useFormat();
  const areas = useAreas(undefined).data?.items ?? [];
  const [form] = Form.useForm();
  const send = async () => {
    await save(await form.validateFields());
    close();
  };
  return (
    <Modal open title={user.name ?? t('admin.new_user')} onOk={() => void send()} onCancel={close}>
      <Form form={form} layout="vertical" initialValues={{ areas: ['*'], role: 'officer', ...user }}>
        <Form.Item name="name" label={t('common.name')} rules={[{ required: true, pattern: /^[0-9A-Za-z_.@-]{1,64}$/ }]}>
          <Input disabled={Boolean(user.name)} />
        </Form.Item>
        <Form.Item name="role" label={t('admin.role')} rules={[{ required: true }]}>
          <Select options={ROLES.map((it) => ({ value: it, label: t(`role.${it}`) }))} />
        </Form.Item>
        <Form.Item name="areas" label={t('admin.areas')} extra={t('admin.areas_hint')} rules={[{ required: true }]}>
          <Select
            mode="tags"
            options={[
              { value: '*', label: t('common.everywhere') },
              ...areas.map((it) => ({ value: it.code, label: `${it.code} ${pick(it.name)}` })),
            ]}
          />
        </Form.Item>
        <Form.Item name="password" label={t('admin.first_password')} rules={[{ required: true, min: 10 }]}>
          <Input.Password autoComplete="new-password" />
        </Form.Item>
      </Form>
    </Modal>
  );
}
