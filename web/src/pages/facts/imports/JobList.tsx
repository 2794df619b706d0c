/** What ran before, and what runs. */
import { useTranslation } from 'react-i18next';
import { useJobs } from '@/api/imports';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

export function JobList() {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <section className="panel">
      <header>
        <h2>{t('imports.jobs')}</h2>
      </header>
      <Loaded query={useJobs()} empty={(it) => it.items.length === 0} emptyText={t('imports.no_jobs')}>
        {({ items }) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('imports.jobs')}>
            <table className="plain">
              <tbody>
                {items.map((it) => (
                  <tr key={it.id}>
                    <td>{it.filename ?? it.kind}</td>
                    <td className="quiet">
                      {it.kind} {it.dry_run ? `· ${t('imports.step_dry')}` : ''}
                    </td>
                    <td>{t(`imports.state_${it.state}`)}</td>
                    <td className="num">{format.number(it.done)}</td>
                    <td className="quiet">{it.actor}</td>
                    <td className="quiet" title={format.exact(it.created_at)}>
                      {format.ago(it.created_at)}
                    </td>
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
