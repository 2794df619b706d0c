/** File → columns matched → dry run → done, on one page. */
import { Button, Segmented, Steps } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress } from '@/address';
import { columnsOf, KINDS, start, useJob, type Kind } from '@/api/imports';
import type { ImportColumns } from '@/api/types';
import { Failure } from '@/components/Failure';
import { useFormat } from '@/i18n/format';
import { Columns, initial, missing } from './Columns';
import { Defaults, needed, type Whole } from './Defaults';
import { Drop } from './Drop';
import { JobList } from './JobList';
import { Outcome } from './Outcome';
import './imports.css';

const STEPS = ['file', 'columns', 'dry', 'done'];

export default function Imports() {
  const { t } = useTranslation();
  const { pick } = useFormat();
  const [address, go] = useAddress();
  const [kind, setKind] = useState<Kind>('facts');
  const [file, setFile] = useState<File>();
  const [columns, setColumns] = useState<ImportColumns>();
  const [matched, setMatched] = useState<Record<string, string>>({});
  const [whole, setWhole] = useState<Whole>({});
  const [dry, setDry] = useState<string>();
  const [real, setReal] = useState<string>();
  const [failure, setFailure] = useState<unknown>();
  const [isBusy, setBusy] = useState(false);
  const dryJob = useJob(dry);
  const realJob = useJob(real);
  const oldJob = useJob(file ? undefined : address.job);

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
    setWhole({});
    if (address.job) go({ job: undefined }, true);
  };
  const show = (job: string) => {
    reset();
    go({ job });
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
      const job = await start({ kind, file, columns: matched, ...whole, isDry });
      if (isDry) setDry(job.id);
      else setReal(job.id);
    });
  // What was tried is no longer what would be written.
  const again = <T,>(set: (it: T) => void) => (it: T) => {
    setDry(undefined);
    set(it);
  };

  const step = real ? (realJob.data?.state === 'done' ? 4 : 3) : dry ? 2 : columns ? 1 : 0;
  const label = (name: string) => pick(columns?.targets.find((it) => it.name === name)?.label) || name;
  const lacking = columns ? [...missing(columns, matched).map(label), ...needed(kind, columns, matched, whole, t)] : [];
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
      <p className="quiet">{t(`imports.about_${kind}`)}</p>
      <Steps
        size="small"
        current={step}
        responsive={false}
        items={STEPS.map((it) => ({ title: t(`imports.step_${it}`) }))}
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
          <Columns columns={columns} matched={matched} kind={kind} change={again(setMatched)} />
          {columns.targets.some((it) => it.name === 'source') ? <Defaults it={whole} change={again(setWhole)} /> : null}
        </section>
      ) : null}
      {dry && !real ? (
        <Outcome job={dryJob} id={dry} matched={matched} show={show}>
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
        <Outcome job={realJob} id={real} matched={matched} show={show}>
          <Button onClick={reset}>{t('imports.another')}</Button>
        </Outcome>
      ) : null}
      {!file && address.job ? (
        <Outcome job={oldJob} id={address.job} show={show}>
          <Button onClick={reset}>{t('common.close')}</Button>
        </Outcome>
      ) : null}
      <JobList />
    </>
  );
}
