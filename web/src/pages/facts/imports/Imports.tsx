/** File → columns matched → dry run → done, on one page. */
import { Button, Segmented, Steps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { columnsOf, KINDS, start, useJob, type Kind } from '@/api/imports';
import type { ImportColumns } from '@/api/types';
import { Failure } from '@/components/Failure';
import { Columns, initial, missing } from './Columns';
import { Drop } from './Drop';
import { JobList } from './JobList';
import { Outcome } from './Outcome';
import './imports.css';

export default function Imports() {
  const { t } = useTranslation();
  const [kind, setKind] = useState<Kind>('facts');
  const [file, setFile] = useState<File>();
  const [columns, setColumns] = useState<ImportColumns>();
  const [matched, setMatched] = useState<Record<string, string>>({});
  const [dry, setDry] = useState<string>();
  const [real, setReal] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const dryJob = useJob(dry);
  const realJob = useJob(real);

  const guard = async (work: () => Promise<void>) => {
    setBusy(true);
    setFailure(undefined);
    try {
      await work();
    } catch (error) {
      setFailure(error);
    }
    setBusy(false);
  };
  const reset = () => {
    setFile(undefined);
    setColumns(undefined);
    setDry(undefined);
    setReal(undefined);
    setFailure(undefined);
  };
  const take = (it: File) =>
    guard(async () => {
      reset();
      setFile(it);
      const found = await columnsOf(it, kind);
      setColumns(found);
      setMatched(initial(found));
    });
  const run = (isDry: boolean) =>
    guard(async () => {
      if (!file) return;
      const job = await start({ kind, file, columns: matched, isDry });
      if (isDry) setDry(job.id);
      else setReal(job.id);
    });

  const step = real ? 3 : dry ? 2 : columns ? 1 : 0;
  const lacking = columns ? missing(columns, matched) : [];
  return (
    <>
      <div className="row spread">
        <h1>{t('imports.title')}</h1>
        <Segmented
          aria-label={t('imports.kind')}
          value={kind}
          options={KINDS.map((it) => ({ value: it, label: t(`imports.kind_${it}`) }))}
          onChange={(it) => {
            setKind(it);
            reset();
          }}
        />
      </div>
      <Steps
        size="small"
        current={step}
        items={['file', 'columns', 'dry', 'done'].map((it) => ({ title: t(`imports.step_${it}`) }))}
      />
      <Drop file={file} take={take} isBusy={isBusy && !columns} />
      {failure ? <Failure error={failure} /> : null}
      {columns && !real ? (
        <section className="panel">
          <header>
            <h2>{t('imports.step_columns')}</h2>
            <span className="row">
              {lacking.length ? (
                <span className="refusal-line" role="status">
                  {t('imports.lacking', { what: lacking.join(', ') })}
                </span>
              ) : null}
              <Button
                type={dry ? 'default' : 'primary'}
                disabled={lacking.length > 0}
                loading={isBusy && !dry}
                onClick={() => void run(true)}
              >
                {t('imports.try')}
              </Button>
            </span>
          </header>
          <Columns columns={columns} matched={matched} kind={kind} change={setMatched} />
        </section>
      ) : null}
      {dry && !real ? (
        <Outcome job={dryJob} id={dry}>
          <Button
            type="primary"
            disabled={dryJob.data?.state !== 'done'}
            loading={isBusy}
            onClick={() => void run(false)}
          >
            {t('imports.write')}
          </Button>
        </Outcome>
      ) : null}
      {real ? (
        <Outcome job={realJob} id={real}>
          <Button onClick={reset}>{t('imports.another')}</Button>
        </Outcome>
      ) : null}
      <JobList />
    </>
  );
}
