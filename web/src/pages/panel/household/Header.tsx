/** Who they are: band, composite, confidence; members as figures. */
import type { ReactNode } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { scoreAt, useExplanation, useHousehold, useListed, useMembers } from '@/api/household';
import { AreaName } from '@/components/AreaName';
import { BandChip } from '@/components/BandChip';
import { Link } from '@/components/Link';
import { useFormat } from '@/i18n/format';
import { useMoment } from '@/moment';
import { Members } from './Members';

export function Header({ id, children }: { id: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [moment] = useMoment();
  const household = useHousehold(id).data;
  const explanation = useExplanation(id, moment).data;
  const members = useMembers(id).data?.items ?? [];
  const listed = useListed(id, moment.period);
  const score = scoreAt(household?.scores, moment.period) ?? (moment.as_of ? undefined : listed);
  const area = score?.area_code ?? household?.scores.at(-1)?.area_code;
  const confidence = explanation?.confidence ?? score?.confidence;
  const phone = members
    .flatMap((it) => it.masked ?? [])
    .find((it) => it.field === 'phone' && !/[*•]/.test(it.text))?.text;
  return (
    <section className="panel who-header">
      <div className="row spread">
        <div className="row">
          <BandChip band={explanation?.band ?? score?.band} />
          <h1>{id}</h1>
          {area ? (
            <Link to="/" search={{ area }}>
              <AreaName code={area} />
            </Link>
          ) : null}
          <span className="tab">
            {t('common.composite')} <b>{format.score(explanation?.composite ?? score?.composite)}</b>
          </span>
          <span className="tab" title={t('help.confidence')}>
            {t('common.confidence')} {format.share(confidence)}{' '}
            <span className="meter">
              <i style={{ width: `${(confidence ?? 0) * 100}%` }} />
            </span>
          </span>
        </div>
        <div className="row no-print">
          {phone ? (
            <a className="call" href={`tel:${phone}`}>
              {t('household.call')}
            </a>
          ) : null}
          {children}
        </div>
      </div>
      <Members id={id} period={moment.period ?? household?.scores.at(-1)?.period} />
    </section>
  );
}
