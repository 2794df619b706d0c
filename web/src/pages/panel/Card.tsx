/** A card for the visit, to be printed: no identity number, no health note, a code to come back. */
import { useParams } from '@tanstack/react-router';
import { Button, QRCode } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useAbout } from '@/api/about';
import { scoreAt, useExplanation, useHousehold, useLastFacts, useMembers } from '@/api/household';
import { AreaName } from '@/components/AreaName';
import { BandChip } from '@/components/BandChip';
import { useFormat } from '@/i18n/format';
import { useMoment } from '@/moment';
import './card.css';

export default function Card() {
  const { t } = useTranslation();
  const format = useFormat();
  const { id } = useParams({ strict: false }) as { id: string };
  const household = useHousehold(id).data;
  const [moment] = useMoment();
  const explanation = useExplanation(id, moment).data;
  const members = useMembers(id).data?.items ?? [];
  const facts = useLastFacts(id).data?.items ?? [];
  const about = useAbout();
  const score = scoreAt(household?.scores, moment.period);
  return (
    <>
      <div className="no-print">
        <Button type="primary" onClick={() => print()}>
          {t('common.print')}
        </Button>
      </div>
      <article className="card">
        <header>
          <div>
            <p className="quiet">{t('card.title')}</p>
            <h1>{id}</h1>
            <p>
              <AreaName code={score?.area_code} /> · {format.period(score?.period)}
            </p>
            <p className="row">
              <BandChip band={explanation?.band ?? score?.band} />
              {t('common.composite')} {format.score(explanation?.composite ?? score?.composite)} ·{' '}
              {t('common.confidence')} {format.share(explanation?.confidence ?? score?.confidence)}
            </p>
          </div>
          <span aria-hidden="true"><QRCode type="svg" size={112} bordered={false} color="#000" bgColor="#fff" value={`${location.origin}/households/${id}`} /></span>
        </header>
        {members.length ? (
          <p>
            {t('household.members')}: {members.map((it) => it.name ?? it.person_id).join(t('warnings.joint'))}
          </p>
        ) : null}
        <h2>{t('household.why')}</h2>
        <ol>
          {explanation?.forced.map((it) => (
            <li key={it.key}>
              <b>{format.pick(it.sentence) || format.pick(it.label)}</b>
            </li>
          ))}
          {explanation?.contributions.slice(0, 4).map((it) => (
            <li key={it.indicator}>
              {format.pick(it.label)}
              {it.sentence ? ` – ${format.pick(it.sentence)}` : ''}
            </li>
          ))}
        </ol>
        <h2>{t('card.to_ask')}</h2>
        <ul className="boxes">
          {[...(explanation?.unjudged ?? []), ...(explanation?.unknown ?? [])].slice(0, 7).map((it) => (
            <li key={it.indicator}>{format.pick(it.label) || it.indicator}</li>
          ))}
          <li>{t('card.anything')}</li>
        </ul>
        {explanation?.plain ? (
          <>
            <h2>{t('card.plain')}</h2>
            <p>{format.pick(explanation.plain)}</p>
          </>
        ) : null}
        <footer className="quiet">
          <span>{t('card.no_decision')}</span>
          <span>{t('card.known', { n: facts.length })}</span>
          {about.isSimulated ? <b>{t('common.simulated_long')}</b> : null}
        </footer>
      </article>
    </>
  );
}
