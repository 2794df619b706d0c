/** One person, as the role may see; what is hidden is shown for a reason, which is kept. */
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { Alert, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import { person as ask } from '@/api/people';
import type { Person as Somebody, Sealed } from '@/api/types';
import { AreaName } from '@/components/AreaName';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { Looks, Past } from './person/Past';
import { Unmask } from './person/Unmask';
import { useRegistryWords } from './person/words';
import './person/person.css';

export default function Person() {
  const { id } = useParams({ strict: false }) as { id: string };
  // Another person is another page: nothing that was shown of one stays on the page of the next.
  return <Page key={id} id={id} />;
}

function Page({ id }: { id: string }) {
  const { t } = useTranslation();
  const may = useMay();
  const queries = useQueryClient();
  const whole = useQuery({ queryKey: ['person', id], queryFn: () => ask(id) });
  const [plain, setPlain] = useState<Sealed[]>([]);
  const [isAsking, setAsking] = useState(false);
  return (
    <Loaded query={whole}>
      {(it) => {
        const masked = it.person.masked ?? [];
        return (
          <div className="stack person">
            <section className="panel">
              <header>
                <h1>{it.person.name ?? id}</h1>
                {may('people:unmask') && masked.length && plain.length === 0 ? (
                  <Button onClick={() => setAsking(true)}>{t('person.show')}</Button>
                ) : null}
              </header>
              {it.person.merged_into ? <Counted by={it.person.merged_into} /> : null}
              <Fields it={it.person} plain={plain} />
            </section>
            <Past it={it} />
            {may('people:unmask') ? <Looks id={id} /> : null}
            {isAsking ? (
              <Unmask
                id={id}
                fields={masked.map((field) => field.field)}
                close={(shown) => {
                  setAsking(false);
                  if (!shown) return;
                  setPlain(shown);
                  void queries.invalidateQueries({ queryKey: ['person', id, 'looks'] });
                }}
              />
            ) : null}
          </div>
        );
      }}
    </Loaded>
  );
}

function Counted({ by }: { by: string }) {
  const { t } = useTranslation();
  const link = (
    <Link to="/people/$id" params={{ id: by }}>
      {by}
    </Link>
  );
  return <Alert type="info" title={<>{t('person.counts_instead')} {link}</>} style={{ marginBottom: 8 }} />;
}

function Fields({ it, plain }: { it: Somebody; plain: Sealed[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useRegistryWords();
  const rows: [string, React.ReactNode][] = [
    ['pinyin', it.pinyin],
    ['sex', it.sex ? word('sex', it.sex) : null],
    ['birth_date', it.birth_date ? format.day(it.birth_date) : null],
    ['birth_place', it.birth_place],
    ['relation', it.relation ? word('relation', it.relation) : null],
    ['status', it.status ? word('status', it.status) : null],
    ['household_id', it.household_id ? <Home key="home" it={it} /> : null],
    ['area_code', it.area_code ? <AreaName key="area" code={it.area_code} /> : null],
    ...(it.masked ?? []).map((field): [string, React.ReactNode] => {
      const shown = plain.find((other) => other.field === field.field);
      return [field.field, <span key={field.field} className={shown ? 'tab shown' : 'tab'}>{(shown ?? field).text}</span>];
    }),
  ];
  return (
    <table className="plain">
      <tbody>
        {rows.filter(([, value]) => value).map(([key, value]) => (
          <tr key={key}>
            <th scope="row">{t(`person.${key}`)}</th>
            <td>{value}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Home({ it }: { it: Somebody }) {
  return (
    <Link to="/households/$id" params={{ id: it.household_id ?? '' }}>
      {it.household_code ?? it.household_id}
    </Link>
  );
}
