/** Versions, what is proposed, and the second person's word. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import { versions, type Policy, type Version } from '@/api/policy';
import { Loaded } from '@/components/Loaded';
import { useSaving } from '@/components/useSaving';
import { useFormat } from '@/i18n/format';
import { Made } from './Made';
import { Proposals } from './Proposals';
import { ProposeDialog } from './ProposeDialog';

export function Versions({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const may = useMay()('policy:propose');
  const [proposing, setProposing] = useState<Version>();
  const all = useQuery({ queryKey: ['policy', 'versions'], queryFn: versions });
  const { run } = useSaving({ changes: ['policy'], done: t('common.saved') });
  return (
    <div className="stack">
      <section className="panel">
        <header>
          <h2>{t('policy.versions')}</h2>
        </header>
        <Loaded query={all} empty={(it) => it.items.length === 0}>
          {({ items }) => (
            <div className="scroll" tabIndex={0} role="region" aria-label={t('policy.versions')}>
              <table className="plain">
                <thead>
                  <tr>
                    <th>{t('policy.version')}</th>
                    <th>{t('common.state')}</th>
                    <th>{t('policy.what_changed')}</th>
                    <th>{t('imports.by')}</th>
                    <th>{t('common.when')}</th>
                    <th>
                      <span className="visually-hidden">{t('admin.deeds')}</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {items.map((it) => (
                    <Row key={it.hash} it={it} policy={policy} propose={may ? () => setProposing(it) : undefined} />
                  ))}
                </tbody>
              </table>
            </div>
          )}
        </Loaded>
      </section>
      <Proposals versions={all.data?.items ?? []} run={run} />
      {proposing ? <ProposeDialog it={proposing} close={() => setProposing(undefined)} /> : null}
    </div>
  );
}

interface RowProps {
  it: Version;
  policy: Policy;
  propose?: () => void;
}

function Row({ it, policy, propose }: RowProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const isInForce = it.hash === policy.hash;
  const state = isInForce ? 'in_force' : (it.state ?? 'installed');
  return (
    <tr>
      <td className="tab nowrap">
        <b>{it.version}</b> <span className="quiet">{it.hash.slice(0, 12)}</span>
      </td>
      <td>{t(`policy.state_${state}`)}</td>
      <td>
        {it.note ? <p>{it.note}</p> : null}
        <Made policy={policy} made={it.changes} />
      </td>
      <td className="quiet">{it.stored_by}</td>
      <td className="quiet nowrap">{format.exact(it.stored_at)}</td>
      <td className="num">
        {propose && !isInForce && !/proposed|approved/.test(state) ? (
          <Button onClick={propose} aria-label={`${t('policy.propose')}: ${it.version}`}>
            {t('policy.propose')}
          </Button>
        ) : null}
      </td>
    </tr>
  );
}
