/** What ran before, and what runs. */
import { useTranslation } from '@/i18n/useTranslation';
import { useJobs } from '@/api/imports';
import type { Job } from '@/api/types';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

export function JobList() {
  const { t } = useTranslation();
  return (
    <section className="panel">
      <header>
        <h2>{t('imports.jobs')}</h2>
      </header>
      <Loaded query={useJobs()} empty={(it) => it.items.length === 0} emptyText={t('imports.no_jobs')}>
        {({ items }) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('imports.jobs')}>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('imports.step_file')}</th>
                  <th>{t('imports.kind')}</th>
                  <th>{t('common.state')}</th>
                  <th className="num">{t('imports.figure_rows')}</th>
                  <th className="num">{t('imports.figure_rejected')}</th>
                  <th>{t('imports.by')}</th>
                  <th>{t('common.when')}</th>
                </tr>
              </thead>
              <tbody>
                {items.map((it) => (
                  <Row key={it.id} it={it} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </section>
  );
}

function Row({ it }: { it: Job }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const kind = `imports.kind_${it.kind.replace(/^import\./, '')}`;
  const count = (key: string) => {
    const value = it.result?.[key];
    return typeof value === 'number' ? format.number(value) : '–';
  };
  return (
    <tr>
      <td>
        <Link to="/facts/imports" search={{ job: it.id }}>
          {it.filename ?? it.id.slice(0, 8)}
        </Link>
      </td>
      <td className="quiet nowrap">
        {i18n.exists(kind) ? t(kind) : it.kind}
        {it.dry_run ? ` · ${t('imports.step_dry')}` : ''}
      </td>
      <td>{t(`imports.state_${it.state}`)}</td>
      <td className="num">{count('rows')}</td>
      <td className="num">{count('rejected')}</td>
      <td className="quiet">{it.actor}</td>
      <td className="quiet nowrap" title={format.exact(it.created_at)}>
        {format.ago(it.created_at)}
      </td>
    </tr>
  );
}
