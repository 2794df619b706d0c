/** How far a job is, and what it found. */
import type { UseQueryResult } from '@tanstack/react-query';
import { App, Button, Progress } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { address, http } from '@/api/http';
import { faults } from '@/api/imports';
import type { Job } from '@/api/types';
import { oneLine } from '@/components/Failure';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { Rows } from './Rows';
import { LeftAlone, UndoButton, UndoNote } from './Undo';

interface Props {
  job: UseQueryResult<Job>;
  id: string;
  /** Target → column, where this page matched them. */
  matched?: Record<string, string>;
  /** Where the page goes when what was done is undone. */
  show: (job: string) => void;
  children?: ReactNode;
}

export function Outcome({ job, id, matched, show, children }: Props) {
  const { t } = useTranslation();
  const { notification } = App.useApp();
  const it = job.data;
  const isRunning = it?.state === 'running' || it?.state === 'waiting';
  const cancel = async () => {
    try {
      await http.post(`/jobs/${id}/cancel`);
      await job.refetch();
    } catch (error) {
      notification.error({ title: oneLine(error) });
    }
  };
  const title = t(it?.undoes ? 'imports.kind_undo' : it?.dry_run === false ? 'imports.step_done' : 'imports.step_dry');
  return (
    <section className="panel" aria-label={title}>
      <header>
        <h2>
          {title}
          {it?.filename ? <span className="quiet"> · {it.filename}</span> : null}
        </h2>
        <span className="row">
          {isRunning ? (
            <Button danger onClick={() => void cancel()}>
              {t('common.cancel')}
            </Button>
          ) : (
            <Rejects id={id} job={it} />
          )}
          {it ? <UndoButton job={it} begun={show} /> : null}
          {children}
        </span>
      </header>
      <Loaded query={job} lines={2}>
        {(known) => (
          <>
            <Bar job={known} />
            {faults(known).map((fault) => (
              <p key={fault.detail} role="alert" className="refusal-line">
                {[fault.detail, fault.hint].filter(Boolean).join(' – ')}
              </p>
            ))}
            <Figures result={known.result} />
            <LeftAlone job={known} />
            <UndoNote job={known} />
            {known.dry_run && known.state === 'done' ? <p className="quiet">{t('imports.kept_nothing')}</p> : null}
          </>
        )}
      </Loaded>
      {it?.result && !it.undoes ? <Rows id={id} matched={matched} /> : null}
    </section>
  );
}

function Bar({ job }: { job: Job }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isOver = job.state === 'done';
  const share = isOver ? 1 : job.total ? job.done / job.total : 0;
  const left = !isOver && job.total && job.rows_per_s ? (job.total - job.done) / job.rows_per_s : null;
  return (
    <div className="row tab progress" role="status">
      <Progress
        aria-label={t(`imports.state_${job.state}`)}
        percent={Math.round(share * 100)}
        status={/failed|cancelled/.test(job.state) ? 'exception' : isOver ? 'success' : 'active'}
      />
      <span>{t(`imports.state_${job.state}`)}</span>
      <span className="quiet">
        {isOver || !job.done ? '' : `${format.number(job.done)} `}
        {job.rows_per_s ? t('imports.rate', { n: format.number(job.rows_per_s) }) : ''}
        {left != null && left > 1 ? ` · ${t('imports.left', { n: format.number(left) })}` : ''}
      </span>
    </div>
  );
}

/** In the order in which one asks; the rest behind. */
const ORDER = ['taken_back', 'corrected', 'elsewhere', 'rows', 'accepted', 'rejected', 'unchanged', 'known', 'superseded', 'added', 'changed', 'households_scored'];

function Figures({ result }: { result?: Record<string, unknown> | null }) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const place = (key: string) => (ORDER.includes(key) ? ORDER.indexOf(key) : ORDER.length);
  const known = Object.entries(result ?? {})
    .filter(([, value]) => typeof value === 'number')
    .toSorted(([a], [b]) => place(a) - place(b));
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
  if (!(Number(job?.result?.rejected ?? 0) > 0)) return null;
  return (
    <>
      {['csv', 'xlsx'].map((format) => (
        <Button key={format} href={address(`/imports/${id}/rejects`, { format })} download>
          {t('imports.rejects', { format: format.toUpperCase() })}
        </Button>
      ))}
    </>
  );
}
