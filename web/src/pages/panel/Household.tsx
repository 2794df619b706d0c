/** One household, understood in ten seconds: why, what changed, what would help. */
import { PrinterOutlined } from '@ant-design/icons';
import { useParams } from '@tanstack/react-router';
import { Button } from 'antd';
import { lazy, Suspense, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useExplanation } from '@/api/household';
import { useMay } from '@/api/me';
import { Link } from '@/components/Link';
import { Later } from '@/components/Later';
import { Loaded } from '@/components/Loaded';
import { useMoment } from '@/moment';
import { Changes } from './household/Changes';
import { Header } from './household/Header';
import { Help } from './household/Help';
import { Lines } from './household/Lines';
import { LastFacts } from './household/LastFacts';
import { Timeline } from './household/Timeline';
import { Why } from './household/Why';
import './household/household.css';

/** Comes when the first fact is entered. */
const FactDialog = lazy(() => import('../facts/FactDialog'));

export default function Household() {
  const { t } = useTranslation();
  const { id } = useParams({ strict: false }) as { id: string };
  const [moment] = useMoment();
  const explanation = useExplanation(id, moment);
  const isPast = Boolean(moment.period ?? moment.as_of);
  const may = useMay();
  const [entering, setEntering] = useState<string | true>();
  return (
    <>
      <Header id={id}>
        {may('facts:write') ? (
          <Button type="primary" onClick={() => setEntering(true)}>
            {t('facts.enter')}
          </Button>
        ) : null}
        <Link to="/households/$id/card" params={{ id }}>
          <Button icon={<PrinterOutlined />} tabIndex={-1}>
            {t('household.card')}
          </Button>
        </Link>
      </Header>
      <div className="three">
        <section className="panel">
          <header>
            <h2>{t('household.why')}</h2>
          </header>
          <Loaded query={explanation} lines={8}>
            {(it) => <Why it={it} />}
          </Loaded>
        </section>
        <section className="panel">
          <header>
            <h2>{t('household.what_changed')}</h2>
            <span className="quiet">{t('household.since_last')}</span>
          </header>
          <Loaded query={explanation} lines={8}>
            {(it) => <Changes it={it} />}
          </Loaded>
        </section>
        <section className="panel no-print">
          <header>
            <h2>{t('household.what_helps')}</h2>
            <span className="quiet">{t('household.saves_nothing')}</span>
          </header>
          <Loaded query={explanation} lines={8}>
            {(it) => <Help id={id} it={it} isPast={isPast} />}
          </Loaded>
        </section>
      </div>
      <Later height={260} key={id}>
        <Lines id={id} />
        <div className="two">
          <Timeline id={id} />
          <LastFacts id={id} correct={setEntering} />
        </div>
      </Later>
      {entering === undefined ? null : (
        <Suspense>
          <FactDialog
            household={id}
            fact={typeof entering === 'string' ? entering : undefined}
            close={() => setEntering(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}
