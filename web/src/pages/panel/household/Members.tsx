/**
 * Who lives there, as figures with what each of them is; names only when they are asked for, as far as the
 * role may see.
 */
import { ManOutlined, UserOutlined, WomanOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useState } from 'react';
import { Link } from '@/components/Link';
import { useTranslation } from '@/i18n/useTranslation';
import { useMembers, useSliders } from '@/api/household';
import type { Member as Someone } from '@/api/types';
import { useFormat } from '@/i18n/format';
import { useMoment } from '@/moment';

/** `period` is the one that ages are told for. */
export function Members({ id, period }: { id: string; period?: string }) {
  const { t } = useTranslation();
  const [named, setNamed] = useState(false);
  const [moment] = useMoment();
  const isPast = Boolean(moment.period ?? moment.as_of);
  const members = (useMembers(id).data?.items ?? []).filter((it) => it.status === 'active');
  if (members.length === 0) return null;
  return (
    <div className="row members-row">
      <ul className="members" aria-label={t('household.members')}>
        {members.map((it) => (
          <Member key={it.person_id} it={it} named={named} period={period} isPast={isPast} />
        ))}
      </ul>
      <Button size="small" type="text" className="no-print" onClick={() => setNamed(!named)}>
        {t(named ? 'household.hide_names' : 'household.show_names')}
      </Button>
      {/* What is counted is known of the present alone, and stands beside those who are marked. */}
      {isPast || members.some((it) => it.marks.length > 0) ? null : <Counts id={id} />}
    </div>
  );
}

interface MemberProps {
  it: Someone;
  named: boolean;
  period?: string;
  /** What they are now says nothing of then. */
  isPast: boolean;
}

function Member({ it, named, period, isPast }: MemberProps) {
  const { t, i18n } = useTranslation();
  const word = (kind: string, value: string | null | undefined) => {
    const key = `person.${kind}_${value}`;
    return value ? (i18n.exists(key) ? t(key) : value) : '';
  };
  const age = ageOf(it.birth_date, period);
  const told = [
    word('relation', it.relation),
    word('sex', it.sex),
    age == null ? '' : t('household.age', { n: age }),
  ];
  const Icon = it.sex === 'male' ? ManOutlined : it.sex === 'female' ? WomanOutlined : UserOutlined;
  const words = told.filter(Boolean).join(' · ');
  return (
    <li>
      <Link to="/people/$id" params={{ id: it.person_id }} title={words} aria-label={words}>
        <Icon aria-hidden="true" /> <b className="tab">{age ?? '–'}</b>{' '}
        <span className="quiet">{word('relation', it.relation)}</span>
      </Link>
      {named ? <span>{it.name ?? '•••'}</span> : null}
      {isPast ? null : <Marks of={it} />}
    </li>
  );
}

/** What somebody is, by the policy's words; on paper stands nothing of it, because it may be of health. */
function Marks({ of: { marks } }: { of: Someone }) {
  const { t } = useTranslation();
  const format = useFormat();
  return marks.map((it, n) => (
    <span
      key={it.code ?? n}
      className="mark-tag no-print"
      title={it.since ? t('household.mark_since', { day: format.day(it.since) }) : undefined}
    >
      {format.pick(it.label)}
    </span>
  ));
}

/** What the policy counts in persons: students, able to work, ill – whatever it asks for. */
function Counts({ id }: { id: string }) {
  const format = useFormat();
  const items = useSliders(id).data?.items ?? [];
  const counted = items.filter((it) => it.unit === 'person' && it.value != null);
  return (
    <span className="row">
      {counted.map((it) => (
        <span key={it.attribute} className="mark-tag">
          {format.pick(it.label)} <b className="tab">{format.number(it.value)}</b>
        </span>
      ))}
    </span>
  );
}

/** Years in a period; only the year of birth is shown to those who may not see the day. */
export function ageOf(born: string | null | undefined, period: string | undefined): number | null {
  const year = Number(born?.slice(0, 4));
  const now = Number(/^\d{4}/.exec(period ?? '')?.[0] ?? new Date().getFullYear());
  return year > 1800 && year <= now ? now - year : null;
}
