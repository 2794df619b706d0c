/** What changed in the policy, when, by whom, and how many households it touched. */
import { useQuery } from '@tanstack/react-query';
import { useTranslation } from '@/i18n/useTranslation';
import { changes, type Policy } from '@/api/policy';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { Made } from './Made';

export function ChangeLog({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const format = useFormat();
  const log = useQuery({ queryKey: ['policy', 'changes'], queryFn: changes });
  return (
    <section className="panel">
      <header>
        <h2>{t('policy.log')}</h2>
      </header>
      <Loaded query={log} empty={(it) => it.items.length === 0}>
        {({ items }) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('policy.log')}>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('common.when')}</th>
                  <th>{t('policy.version')}</th>
                  <th>{t('policy.from_day')}</th>
                  <th>{t('common.state')}</th>
                  <th>{t('policy.by')}</th>
                  <th>{t('policy.what_changed')}</th>
                  <th className="num">{t('policy.impacted')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map(({ version, changes: made, activation: it }) => (
                  <tr key={it.number}>
                    <td title={it.proposed_at} className="nowrap">{format.exact(it.decided_at ?? it.proposed_at)}</td>
                    <td>
                      {version} <span className="quiet">{it.hash.slice(0, 8)}</span>
                    </td>
                    <td className="nowrap">{format.day(it.from)}</td>
                    <td>{t(`policy.state_${it.state}`)}</td>
                    <td>{[it.proposed_by, it.decided_by].filter(Boolean).join(' → ')}</td>
                    <td>
                      {it.note ? <p>{it.note}</p> : null}
                      <Made policy={policy} made={made} />
                    </td>
                    <td className="num">{format.number(it.impacted)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </section>
  );
}
