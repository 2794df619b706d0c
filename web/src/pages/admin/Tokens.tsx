import { useQuery } from '@tanstack/react-query';
import { Button, Popconfirm } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { http } from '@/api/http';
import type { Page } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { useSaving } from '@/components/useSaving';
import { useFormat } from '@/i18n/format';
import { TokenDialog } from './TokenDialog';

interface Token {
  id: string;
  user: string;
  label: string;
  scopes: string[];
  until: string;
  last_used?: string | null;
}

export function Tokens() {
  const { t } = useTranslation();
  const format = useFormat();
  const [isMaking, setMaking] = useState(false);
  const tokens = useQuery({ queryKey: ['tokens'], queryFn: () => http.get<Page<Token>>('/tokens') });
  const { run } = useSaving({ changes: ['tokens'] });
  return (
    <section className="panel">
      <header>
        <h2>{t('admin.tokens')}</h2>
        <Button type="primary" onClick={() => setMaking(true)}>
          {t('admin.new_token')}
        </Button>
      </header>
      <Loaded query={tokens} empty={(it) => it.items.length === 0} emptyText={t('admin.no_tokens')}>
        {({ items }) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('admin.tokens')}>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('admin.label')}</th>
                  <th>{t('admin.acts_as')}</th>
                  <th>{t('admin.scopes')}</th>
                  <th>{t('warnings.until')}</th>
                  <th>{t('admin.last_used')}</th>
                  <th>
                    <span className="visually-hidden">{t('admin.deeds')}</span>
                  </th>
                </tr>
              </thead>
              <tbody>
                {items.map((it) => (
                  <tr key={it.id}>
                    <td>{it.label}</td>
                    <td>{it.user}</td>
                    <td className="quiet">{it.scopes.map((scope) => t(`scope.${scope.replace(':', '_')}`)).join(', ') || t('admin.all_scopes')}</td>
                    <td className="nowrap">{format.day(it.until)}</td>
                    <td className="nowrap">{it.last_used ? format.day(it.last_used) : t('admin.never')}</td>
                    <td className="num">
                      <Popconfirm title={t('admin.end_token')} onConfirm={() => run(() => http.delete(`/tokens/${encodeURIComponent(it.id)}`))}>
                        <Button danger>{t('admin.end')}</Button>
                      </Popconfirm>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
      {isMaking ? <TokenDialog close={() => setMaking(false)} /> : null}
    </section>
  );
}
