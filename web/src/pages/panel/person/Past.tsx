/** What became of somebody, which entries are one with this one, and who looked at what is hidden. */
import { useQuery } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import { looks, undoMerge, type Merge, type Whole } from '@/api/people';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';
import { useSaving } from '@/components/useSaving';
import { useFormat } from '@/i18n/format';
import { useRegistryWords } from './words';

export function Past({ it }: { it: Whole }) {
  const { t } = useTranslation();
  const format = useFormat();
  const word = useRegistryWords();
  return (
    <section className="panel">
      <header>
        <h2>{t('person.history')}</h2>
      </header>
      <ul className="past">
        {it.history.map((change) => (
          <li key={`${change.recorded_at} ${change.kind} ${change.household_id}`}>
            <span className="tab">{format.day(change.day)}</span>{' '}
            {word('change', change.kind)} {change.household_id}
            {change.to ? ` · ${word('status', change.to)}` : ''}{' '}
            <span className="quiet">{[change.source, change.actor].filter(Boolean).join(' · ')}</span>
          </li>
        ))}
        {it.merges.map((merge) => (
          <Merged key={merge.id} merge={merge} id={it.person.person_id} />
        ))}
      </ul>
    </section>
  );
}

function Merged({ merge, id }: { merge: Merge; id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const may = useMay()('people:merge');
  const other = merge.kept === id ? merge.merged : merge.kept;
  const { run } = useSaving({ changes: ['person', 'people', 'duplicates', 'household'] });
  return (
    <li className="row">
      <span className="tab">{format.exact(merge.at)}</span>
      <span>
        {merge.kept === id ? t('person.holds') : t('person.held_by')}{' '}
        <Link to="/people/$id" params={{ id: other }}>
          {other}
        </Link>
      </span>
      <span className="quiet">{merge.actor}</span>
      {merge.undone_at ? (
        <span className="quiet">
          {t('person.undone', { who: merge.undone_by ?? '', when: format.exact(merge.undone_at) })}
        </span>
      ) : may ? (
        <Button size="small" onClick={() => void run(() => undoMerge(merge.id))}>
          {t('person.undo_merge')}
        </Button>
      ) : null}
    </li>
  );
}

export function Looks({ id }: { id: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const all = useQuery({ queryKey: ['person', id, 'looks'], queryFn: () => looks(id) });
  return (
    <section className="panel">
      <header>
        <h2>{t('person.looks')}</h2>
      </header>
      <Loaded query={all} lines={1} empty={(it) => it.items.length === 0} emptyText={t('person.no_looks')}>
        {({ items }) => (
          <ul className="past">
            {items.map((it) => (
              <li key={`${it.at} ${it.actor}`}>
                <span className="tab">{format.exact(it.at)}</span> <b>{it.actor}</b>{' '}
                {it.fields.map((field) => t(`person.${field}`)).join(', ')}: {it.reason}
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </section>
  );
}
