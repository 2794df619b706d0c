/** Who they are: members as figures, names as the role may see them; band, composite, confidence. */
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useExplanation, useHousehold, useMembers } from '@/api/household';
import type { Person } from '@/api/pending';
import { AreaName } from '@/components/AreaName';
import { BandChip } from '@/components/BandChip';
import { useFormat } from '@/i18n/format';

export function Header({ id, children }: { id: string; children?: ReactNode }) {
  const { t } = useTranslation();
  const format = useFormat();
  const household = useHousehold(id).data;
  const explanation = useExplanation(id).data;
  const members = useMembers(id).data?.items ?? [];
  const score = household?.scores.at(-1);
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
          {score?.area_code ? (
            <Link to="/" search={{ area: score.area_code } as never}>
              <AreaName code={score.area_code} />
            </Link>
          ) : null}
          <span className="tab">
            {t('common.composite')} <b>{format.number(explanation?.composite ?? score?.composite, 1)}</b>
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
      {members.length > 0 ? (
        <ul className="members" aria-label={t('household.members')}>
          {members.map((it) => (
            <Member key={it.person_id} it={it} />
          ))}
        </ul>
      ) : null}
    </section>
  );
}

function Member({ it }: { it: Person }) {
  const { t, i18n } = useTranslation();
  const age = ageOf(it.birth_date);
  const marks = [
    it.is_student ? t('household.student') : '',
    it.can_work ? t('household.can_work') : '',
    it.is_ill ? t('household.ill') : '',
  ].filter(Boolean);
  const word = (kind: string, value: string) => {
    const key = `person.${kind}_${value}`;
    return i18n.exists(key) ? t(key) : value;
  };
  return (
    <li>
      <Link to="/people/$id" params={{ id: it.person_id }}>
        {it.name ?? it.person_id}
      </Link>
      <span className="quiet">
        {[
          it.relation ? word('relation', it.relation) : '',
          it.sex ? word('sex', it.sex) : '',
          age == null ? '' : t('household.age', { n: age }),
        ]
          .filter(Boolean)
          .join(' · ')}
      </span>
      {marks.map((mark) => (
        <span key={mark} className="mark-tag">
          {mark}
        </span>
      ))}
    </li>
  );
}

/** Whole years; only the year is shown to those who may not see the day. */
function ageOf(born: string | null | undefined): number | null {
  const year = Number(born?.slice(0, 4));
  return year > 1800 ? new Date().getFullYear() - year : null;
}
