/** What can be done with the selected warnings. */
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import type { Warned } from '@/api/warnings';
import { useOnceOpen } from '@/components/useOnceOpen';
import type { Deeds } from './deeds';

/** Comes when it is asked for. */
const Ask = lazy(() => import('./Ask'));

interface Props {
  ids: string[];
  warnings: Warned[];
  deeds: Deeds;
  clear: () => void;
}

export function Tools({ ids, warnings, deeds, clear }: Props) {
  const { t } = useTranslation();
  const may = useMay();
  const [asking, setAsking] = useState<'assign' | 'suppress'>();
  const isThere = useOnceOpen(asking !== undefined);
  const none = ids.length === 0;
  const hold = warnings.some((it) => it.state === 'acknowledged');
  return (
    <div className="row tools no-print">
      <span className="quiet tab" aria-live="polite">
        {none ? t('warnings.hint') : t('warnings.selected', { n: ids.length })}
      </span>
      {may('warnings:acknowledge') ? (
        <Button
          type="primary"
          disabled={none}
          loading={deeds.isRunning}
          onClick={() => void deeds.run({ ids, action: hold ? 'reopen' : 'acknowledge' }, warnings)}
        >
          {hold ? t('warnings.reopen') : t('warnings.acknowledge')}
        </Button>
      ) : null}
      {may('warnings:manage') ? (
        <>
          <Button disabled={none} onClick={() => setAsking('assign')}>
            {t('warnings.assign')}
          </Button>
          <Button disabled={none} onClick={() => setAsking('suppress')}>
            {t('warnings.suppress')}
          </Button>
        </>
      ) : null}
      {none ? null : (
        <Button type="text" onClick={clear}>
          {t('common.clear')}
        </Button>
      )}
      {isThere ? (
        <Suspense>
          <Ask kind={asking} ids={ids} warnings={warnings} deeds={deeds} close={() => setAsking(undefined)} />
        </Suspense>
      ) : null}
    </div>
  );
}
