/** Two entries that may be one person; a person decides, and may take it back. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { http } from '@/api/http';
import type { Page, Pair } from '@/api/types';
import { oneLine } from '@/components/Failure';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

export default function Duplicates() {
  const { t } = useTranslation();
  const format = useFormat();
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const pairs = useQuery({
    queryKey: ['duplicates'],
    queryFn: () => http.get<Page<Pair>>('/duplicates'),
  });
  const decide = async (pair: Pair, decision: 'merge' | 'distinct', keep?: string) => {
    try {
      await http.post(`/duplicates/${pair.id}/decision`, {
        decision,
        ...(keep ? { keep } : {}),
      });
      await queries.invalidateQueries({ queryKey: ['duplicates'] });
    } catch (error) {
      notification.error({ title: oneLine(error) });
    }
  };
  return (
    <>
      <h1>{t('panel.duplicates')}</h1>
      <Loaded query={pairs} empty={(it) => it.items.length === 0} emptyText={t('panel.no_duplicates')}>
        {({ items }) => (
          <ul className="cards" style={{ maxWidth: 900 }}>
            {items.map((pair) => {
              const both = [pair.one, pair.other];
              return (
                <li key={pair.id} className="panel">
                  <div className="row spread">
                    {both.map((it) => (
                      <div key={it.person_id}>
                        <b>{it.name ?? it.person_id}</b>{' '}
                        <span className="quiet">
                          {it.household_code ?? it.household_id} {it.birth_date}
                        </span>{' '}
                        <Button size="small" onClick={() => void decide(pair, 'merge', it.person_id)}>
                          {t('panel.keep_this')}
                        </Button>
                      </div>
                    ))}
                    <span className="quiet">
                      {format.share(pair.likeness)} {pair.reason}
                    </span>
                    <Button onClick={() => void decide(pair, 'distinct')}>{t('panel.distinct')}</Button>
                  </div>
                </li>
              );
            })}
          </ul>
        )}
      </Loaded>
    </>
  );
}
