/** Whom to visit in a village, to be printed: no name, no identity number, no health. */
import { Button, QRCode } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useAbout } from '@/api/about';
import { useArea } from '@/api/areas';
import { useMe } from '@/api/me';
import { usePeriod } from '@/api/situation';
import { MOST_VISITS, useVisits } from '@/api/warnings';
import { useKeptAddress } from '@/address';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { Rows } from './Rows';
import './visits.css';

export default function VisitList() {
  const { t } = useTranslation();
  const format = useFormat();
  const { area } = useKeptAddress();
  const visits = useVisits(area);
  return (
    <>
      <div className="row no-print">
        <Button type="primary" disabled={!visits.data?.items.length} onClick={() => print()}>
          {t('common.print')}
        </Button>
        <span className="quiet">{t('visits.hint')}</span>
      </div>
      <article className="visit-list">
        <Head area={area} count={visits.data?.next ? undefined : visits.data?.items.length} />
        <Loaded query={visits} empty={(it) => it.items.length === 0} emptyText={t('visits.none')} lines={10}>
          {(it) => (
            <>
              <div className="scroll" tabIndex={0} role="region" aria-label={t('visits.title')}>
                <Rows rows={it.items} />
              </div>
              {it.next ? <p>{t('visits.cut', { n: format.number(MOST_VISITS) })}</p> : null}
            </>
          )}
        </Loaded>
        <Foot />
      </article>
    </>
  );
}

function Head({ area, count }: { area?: string; count?: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const here = useArea(area).data;
  const period = usePeriod().data?.period;
  const about = useAbout();
  const path = [...(here?.path ?? []), ...(here ? [here] : [])];
  const names = path.map((it) => format.pick(it.name) || it.code);
  return (
    <header>
      <div>
        <p>{t('visits.title')}</p>
        <h1>{names.join(' › ') || t('common.everywhere')}</h1>
        <p>
          {format.period(period)}
          {count == null ? '' : ` · ${t('visits.count', { n: format.number(count) })}`}
        </p>
        {about.isSimulated ? <p className="mark">{t('common.simulated_long')}</p> : null}
      </div>
      <span aria-hidden="true">
        <QRCode type="svg" size={92} bordered={false} color="#000" bgColor="#fff" value={location.href} />
      </span>
    </header>
  );
}

function Foot() {
  const { t } = useTranslation();
  const format = useFormat();
  const me = useMe().data;
  return (
    <footer>
      <span>{t('card.no_decision')}</span>
      <span>{t('visits.printed', { who: me?.name ?? '–', when: format.exact(new Date().toISOString()) })}</span>
    </footer>
  );
}
