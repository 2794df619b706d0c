/** Versions, what is proposed, and the second person's word. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { App, Button, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMay, useMe } from '@/api/me';
import { activations, approve, propose, refuse, versions, type Policy } from '@/api/policy';
import { oneLine } from '@/components/Failure';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

export function Versions({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay();
  const me = useMe().data;
  const { notification } = App.useApp();
  const queries = useQueryClient();
  const [from, setFrom] = useState('');
  const all = useQuery({ queryKey: ['policy', 'versions'], queryFn: versions });
  const proposed = useQuery({ queryKey: ['policy', 'activations'], queryFn: activations, retry: false });
  const run = async (work: Promise<unknown>) => {
    try {
      await work;
      await queries.invalidateQueries({ queryKey: ['policy'] });
      notification.success({ title: t('common.saved') });
    } catch (error) {
      notification.error({ title: oneLine(error) });
    }
  };
  return (
    <div className="stack">
      <section className="panel">
        <header>
          <h2>{t('policy.versions')}</h2>
          {may('policy:propose') ? (
            <label className="row">
              {t('policy.from')}
              <Input
                type="date"
                style={{ width: 150 }}
                value={from}
                onChange={(it) => setFrom(it.target.value)}
              />
            </label>
          ) : null}
        </header>
        <Loaded query={all} empty={(it) => it.items.length === 0}>
          {({ items }) => (
            <table className="plain">
              <tbody>
                {items.map((it) => (
                  <tr key={it.hash}>
                    <td className="tab">
                      <b>{it.version}</b> <span className="quiet">{it.hash.slice(0, 12)}</span>
                    </td>
                    <td>{it.hash === policy.hash ? t('policy.in_force') : ''}</td>
                    <td className="quiet">{it.stored_by}</td>
                    <td className="quiet">{format.exact(it.stored_at)}</td>
                    <td className="num">
                      {may('policy:propose') && it.hash !== policy.hash ? (
                        <Button disabled={!from} onClick={() => void run(propose(it.hash, from))}>
                          {t('policy.propose')}
                        </Button>
                      ) : null}
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </section>
      <section className="panel">
        <header>
          <h2>{t('policy.proposed')}</h2>
        </header>
        <Loaded query={proposed} empty={(it) => it.items.length === 0} emptyText={t('policy.none_proposed')}>
          {({ items }) => (
            <table className="plain">
              <tbody>
                {items.map((it) => {
                  const n = it.number;
                  const isOpen = it.state === 'proposed';
                  const isMine = it.proposed_by === me?.name;
                  return (
                    <tr key={n}>
                      <td className="tab">{it.hash.slice(0, 12)}</td>
                      <td>{format.day(it.from)}</td>
                      <td>{t(`policy.state_${it.state}`)}</td>
                      <td className="quiet">{it.proposed_by}</td>
                      <td className="num">
                        {isOpen && may('policy:approve') ? (
                          <>
                            <Button
                              type="primary"
                              disabled={isMine}
                              title={isMine ? t('policy.second_person') : undefined}
                              onClick={() => void run(approve(n))}
                            >
                              {t('policy.approve')}
                            </Button>{' '}
                            <Button danger onClick={() => void run(refuse(n))}>
                              {t('policy.refuse')}
                            </Button>
                          </>
                        ) : null}
                      </td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </Loaded>
        <p className="quiet">{t('policy.second_person')}</p>
      </section>
    </div>
  );
}
