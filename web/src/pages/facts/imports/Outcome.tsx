/** How far a job is; what it found, the bad rows on top with the reason in their own row. */
import type { UseQueryResult } from '@tanstack/react-query';
import { Button, Progress, Switch } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { address, http } from '@/api/http';
import { useRows } from '@/api/imports';
import type { Job } from '@/api/types';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

interface Props {
  job: UseQueryResult<Job>;
  id: string;
  children?: ReactNode;
}

export function Outcome({ job, id, children }: Props) {
  const { t } = useTranslation();
  const it = job.data;
  const isRunning = it?.state === 'running' || it?.state === 'waiting';
  return (
    <section className="panel">
      <header>
        <h2>{it?.dry_run === false ? t('imports.step_done') : t('imports.step_dry')}</h2>
        <span className="row">
          {isRunning ? (
            <Button danger onClick={() => void http.post(`/jobs/${id}/cancel`)}>
              {t('common.cancel')}
            </Button>
          ) : (
            <Rejects id={id} job={it} />
          )}
          {children}
        </span>
      </header>
      <Loaded query={job} lines={2}>
        {(known) => (
          <>
            <Bar job={known} />
            {known.error ? (
              <p role="alert" className="refusal-line">
                {known.error.map((it) => [it.detail, it.hint].filter(Boolean).join(' – ')).join(' ')}
              </p>
            ) : null}
            <Figures result={known.result} />
          </>
        )}
      </Loaded>
      {it && !isRunning ? <Rows id={id} /> : null}
    </section>
  );
}

function Bar({ job }: { job: Job }) {
  const { t } = useTranslation();
  const format = useFormat();
  const share = job.total ? job.done / job.total : job.state === 'done' ? 1 : 0;
  const left = job.total && job.rows_per_s ? (job.total - job.done) / job.rows_per_s : null;
  return (
    <div className="row tab" role="status">
      <Progress
        aria-label={t(`imports.state_${job.state}`)}
        style={{ maxWidth: 360 }}
        percent={Math.round(share * 100)}
        status={job.state === 'failed' ? 'exception' : job.state === 'done' ? 'success' : 'active'}
      />
      <span>{t(`imports.state_${job.state}`)}</span>
      <span className="quiet">
        {format.number(job.done)}
        {job.rows_per_s ? ` · ${t('imports.rate', { n: format.number(job.rows_per_s) })}` : ''}
        {left != null && left > 1 ? ` · ${t('imports.left', { n: format.number(left) })}` : ''}
      </span>
    </div>
  );
}

function Figures({ result }: { result?: Record<string, unknown> | null }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const known = Object.entries(result ?? {}).filter(([, value]) => typeof value === 'number');
  if (known.length === 0) return null;
  const word = (key: string) => {
    const path = `imports.figure_${key}`;
    return i18n.exists(path) ? t(path) : key.replaceAll('_', ' ');
  };
  return (
    <dl className="figures">
      {known.map(([key, value]) => (
        <div key={key}>
          <dt>{word(key)}</dt>
          <dd className="tab">{format.number(value as number)}</dd>
        </div>
      ))}
    </dl>
  );
}

function Rejects({ id, job }: { id: string; job?: Job }) {
  const { t } = useTranslation();
  const rejected = Number(job?.result?.rejected ?? job?.result?.rejects ?? 1);
  if (!job || rejected === 0) return null;
  return (
    <>
      {['csv', 'xlsx'].map((format) => (
        <Button key={format} href={address(`/imports/${id}/rejects`, { format })}>
          {t('imports.rejects', { format: format.toUpperCase() })}
        </Button>
      ))}
    </>
  );
}

function Rows({ id }: { id: string }) {
  const { t } = useTranslation();
  const [onlyErrors, setOnlyErrors] = useState(false);
  const rows = useRows(id, onlyErrors);
  return (
    <>
      <label className="row" style={{ margin: '8px 0' }}>
        <Switch size="small" checked={onlyErrors} onChange={setOnlyErrors} aria-label={t('imports.only_errors')} />
        {t('imports.only_errors')}
      </label>
      <Loaded query={rows} empty={(it) => it.items.length === 0} emptyText={t('imports.no_rows')}>
        {(it) => (
          <div className="scroll preview" tabIndex={0} role="region" aria-label={t('imports.preview')}>
            <table className="plain">
              <thead>
                <tr>
                  <th className="num">{t('imports.line')}</th>
                  {it.columns.map((column) => (
                    <th key={column}>{column}</th>
                  ))}
                  <th>{t('imports.errors')}</th>
                </tr>
              </thead>
              <tbody>
                {it.items
                  .toSorted((a, b) => Number(b.errors.length > 0) - Number(a.errors.length > 0))
                  .map((row) => (
                    <tr key={row.line} className={row.errors.length ? 'bad' : undefined}>
                      <td className="num quiet">{row.line}</td>
                      {row.cells.map((cell, n) => {
                        const isBad = row.errors.some((e) => e.column === it.columns[n]);
                        return (
                          <td key={it.columns[n]} className={isBad ? 'bad-cell' : undefined}>
                            {cell}
                          </td>
                        );
                      })}
                      <td>{row.errors.map((e) => [e.detail, e.hint].filter(Boolean).join(' – ')).join('; ')}</td>
                    </tr>
                  ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </>
  );
}
