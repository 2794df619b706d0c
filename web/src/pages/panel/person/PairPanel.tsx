/** Two entries beside each other, what differs marked. */
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import type { Decision } from '@/api/people';
import type { Pair, Person } from '@/api/types';
import { AreaName } from '@/components/AreaName';
import { Link } from '@/components/Link';
import { useFormat } from '@/i18n/format';
import { useRegistryWords } from './words';
import './person.css';

interface Props {
  pair: Pair;
  decide: (it: Decision) => void;
  undo: () => void;
}

const FIELDS = ['name', 'sex', 'birth_date', 'birth_place', 'relation', 'household_code', 'area_code', 'source'] as const;
const NAMES: Record<string, string> = { household_code: 'person.household_id', source: 'common.source' };

export function PairPanel({ pair, decide, undo }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay()('people:merge');
  const both = [pair.one, pair.other];
  const sealed = [...new Set(both.flatMap((it) => it.masked?.map((field) => field.field) ?? []))];
  return (
    <section className="panel pair" aria-label={`${pair.one.person_id}, ${pair.other.person_id}`}>
      <header>
        <h2>{t(`panel.reason_${pair.reason}`)}</h2>
        <span className="quiet">{t('panel.alike', { share: format.share(pair.likeness) })}</span>
      </header>
      <table className="plain">
        <thead>
          <tr>
            <th>{t('panel.entry')}</th>
            {both.map((it) => (
              <th key={it.person_id}>
                <Link to="/people/$id" params={{ id: it.person_id }}>
                  {it.person_id}
                </Link>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {FIELDS.map((key) => (
            <Row key={key} name={t(NAMES[key] ?? `person.${key}`)} values={both.map((it) => it[key])}>
              {(at) => <Value it={both[at]} field={key} />}
            </Row>
          ))}
          {sealed.map((key) => {
            const values = both.map((it) => it.masked?.find((field) => field.field === key)?.text);
            return (
              <Row key={key} name={t(`person.${key}`)} values={values}>
                {(at) => <span className="tab">{values[at] ?? '–'}</span>}
              </Row>
            );
          })}
        </tbody>
      </table>
      {may ? (
        <footer>
          {pair.state === 'open' ? (
            <>
              {both.map((it) => (
                <Button key={it.person_id} onClick={() => decide({ decision: 'merge', keep: it.person_id })}>
                  {t('panel.keep_this', { id: it.person_id })}
                </Button>
              ))}
              <Button onClick={() => decide({ decision: 'distinct' })}>{t('panel.distinct')}</Button>
            </>
          ) : null}
          {pair.state === 'merged' ? <Button onClick={undo}>{t('person.undo_merge')}</Button> : null}
        </footer>
      ) : null}
    </section>
  );
}

interface RowProps {
  name: string;
  values: unknown[];
  children: (at: number) => ReactNode;
}

function Row({ name, values, children }: RowProps) {
  if (values.every((it) => it == null)) return null;
  const look = values[0] === values[1] ? undefined : 'differs';
  return (
    <tr>
      <th scope="row">{name}</th>
      <td className={look}>{children(0)}</td>
      <td className={look}>{children(1)}</td>
    </tr>
  );
}

function Value({ it, field }: { it?: Person; field: (typeof FIELDS)[number] }) {
  const format = useFormat();
  const word = useRegistryWords();
  if (!it) return null;
  if (field === 'area_code') return <AreaName code={it.area_code} />;
  if (field === 'birth_date') return format.day(it.birth_date);
  if (field === 'sex' || field === 'relation') return word(field, it[field]);
  return it[field] ?? '–';
}
