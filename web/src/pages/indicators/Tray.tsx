/** What moved, and who would cross the line; then, if wanted, a draft for a second person. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Button, Empty } from 'antd';
import { useDeferredValue, useEffect, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useKeptAddress } from '@/address';
import { useMay } from '@/api/me';
import { trial, type Change, type Policy, type Trial } from '@/api/policy';
import { AreaName } from '@/components/AreaName';
import { BandBar } from '@/components/BandBar';
import { BandChip } from '@/components/BandChip';
import { Failure } from '@/components/Failure';
import { Link } from '@/components/Link';
import { useFormat } from '@/i18n/format';
import { atRisk } from '@/theme/bands';
import { DraftDialog } from './DraftDialog';
import { useChangeWords } from './useChangeWords';

interface Props {
  policy: Policy;
  moved: Change[];
  setMoved: (it: Change[]) => void;
}

export function Tray({ policy, moved, setMoved }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const what = useChangeWords(policy);
  const may = useMay();
  const [isSaving, setSaving] = useState(false);
  const { area } = useKeptAddress();
  const asked = useSettled(useDeferredValue(moved));
  const tried = useQuery({
    queryKey: ['trial', asked, area],
    queryFn: () => trial(asked, area),
    enabled: asked.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  return (
    <aside className="panel tray" aria-label={t('policy.tray')}>
      <header>
        <h2>{t('policy.tray')}</h2>
        <Button size="small" disabled={moved.length === 0} onClick={() => setMoved([])}>
          {t('household.as_it_is')}
        </Button>
      </header>
      {moved.length === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={t('policy.tray_hint')} />
      ) : (
        <ul className="moved-list">
          {moved.map((it) => (
            <li key={`${it.kind}-${it.id}-${it.key ?? ''}`} className="row spread">
              <span>{what(it)}</span>
              <b className="tab">{format.number(it.value, 3)}</b>
            </li>
          ))}
        </ul>
      )}
      {tried.isError ? <Failure error={tried.error} again={() => void tried.refetch()} /> : null}
      {moved.length > 0 && tried.data ? (
        <div className={tried.isFetching ? 'dimmed stack' : 'stack'} aria-live="polite">
          <Effect it={tried.data} />
        </div>
      ) : null}
      {moved.length > 0 && may('policy:propose') ? (
        <Button type="primary" block onClick={() => setSaving(true)}>
          {t('policy.save_draft')}
        </Button>
      ) : null}
      {isSaving ? <DraftDialog policy={policy} moved={moved} close={() => setSaving(false)} /> : null}
    </aside>
  );
}

/** What a hand has left alone for a moment, so that every step of a slider is not asked. */
function useSettled<T>(value: T): T {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), 250);
    return () => clearTimeout(timer);
  }, [value]);
  return settled;
}

function Effect({ it }: { it: Trial }) {
  const { t } = useTranslation();
  const format = useFormat();
  const areas = it.by_area.filter((a) => a.enter || a.leave).slice(0, 12);
  return (
    <>
      <p className="effect tab">
        {t('policy.effect', {
          before: format.number(atRisk(it.before)),
          after: format.number(atRisk(it.after)),
          enter: format.number(it.enter),
          leave: format.number(it.leave),
        })}
      </p>
      <BandBar bands={it.before} />
      <BandBar bands={it.after} />
      <table className="plain">
        <thead>
          <tr>
            <th>{t('common.area')}</th>
            <th className="num">{t('policy.enter')}</th>
            <th className="num">{t('policy.leave')}</th>
          </tr>
        </thead>
        <tbody>
          {areas.map((a) => (
            <tr key={a.area_code}>
              <td>
                <AreaName code={a.area_code} />
              </td>
              <td className="num">{format.signed(a.enter)}</td>
              <td className="num">{a.leave ? `−${format.number(a.leave)}` : '0'}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {it.households?.length ? (
        <details>
          <summary>{t('policy.who', { n: format.number(it.households.length) })}</summary>
          <ul className="crossing">
            {it.households.slice(0, 100).map((h) => (
              <li key={h.household_id} className="row">
                <Link to="/households/$id" params={{ id: h.household_id }}>
                  {h.household_id}
                </Link>
                <BandChip small band={h.from} /> → <BandChip small band={h.to} />
              </li>
            ))}
          </ul>
        </details>
      ) : null}
      <p className="quiet tab">{t('policy.seconds', { n: format.number(it.seconds, 2) })}</p>
    </>
  );
}
