import { useQuery } from '@tanstack/react-query';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { api, type User } from '@/api/client';
import { http } from '@/api/http';
import { Loaded } from '@/components/Loaded';
import { AreaName } from '@/components/AreaName';
import { useSaving } from '@/components/useSaving';
import { useFormat } from '@/i18n/format';
import { UserDialog } from './UserDialog';

export function Users() {
  const { t } = useTranslation();
  const format = useFormat();
  const [edited, setEdited] = useState<Partial<User>>();
  const users = useQuery({
    queryKey: ['users'],
    queryFn: async () => {
      const data: unknown = (await api.GET('/api/v1/users')).data;
      return Array.isArray(data) ? (data as User[]) : ((data as { items?: User[] }).items ?? []);
    },
  });
  const { run } = useSaving({ changes: ['users'] });
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
                  <th>{t('sign_in.name')}</th>
                  <th>{t('admin.role')}</th>
                  <th>{t('admin.areas')}</th>
                  <th>{t('common.state')}</th>
                  <th>{t('admin.since')}</th>
                  <th>
                    <span className="visually-hidden">{t('admin.deeds')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {all.map((it) => (
                  <tr key={it.name}>
                    <td>{it.name}</td>
                    <td>{t(`role.${it.role}`)}</td>
                    <td>
                      <Areas codes={it.areas} />
                    </td>
                    <td>
                      {it.is_disabled ? t('admin.disabled') : it.is_locked ? t('admin.locked') : t('admin.active')}
                    </td>
                    <td className="quiet nowrap">{format.day(it.created_at)}</td>
                    <td className="num nowrap">
                      <Button onClick={() => setEdited(it)} aria-label={`${t('admin.change')}: ${it.name}`}>
                        {t('admin.change')}
                      </Button>{' '}
                      <Popconfirm
                        title={t('admin.disable_sure', { name: it.name })}
                        onConfirm={() => run(() => http.delete(`/users/${encodeURIComponent(it.name)}`))}
                      >
                        <Button danger disabled={it.is_disabled} aria-label={`${t('admin.disable')}: ${it.name}`}>
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
      {edited ? <UserDialog user={edited} close={() => setEdited(undefined)} /> : null}
    </section>
  );
}

function Areas({ codes }: { codes: string[] }) {
  const { t } = useTranslation();
  if (codes.includes('*')) return t('common.everywhere');
  return codes.map((code, n) => (
    <span key={code}>
      {n ? ', ' : ''}
      <AreaName code={code} />
    </span>
  ));
}
