/** What was found: households by code, people by name, pinyin, initials. */
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Input } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useAddress } from '@/address';
import { search } from '@/api/people';
import { AreaName } from '@/components/AreaName';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';

export default function Search() {
  const { t } = useTranslation();
  const [{ q = '' }, change] = useAddress();
  const found = useQuery({
    queryKey: ['search', q],
    queryFn: () => (q ? search(q) : { households: [], people: [] }),
    placeholderData: keepPreviousData,
  });
  return (
    <>
      <h1>{t('common.search')}</h1>
      <Input.Search
        allowClear
        size="large"
        key={q}
        defaultValue={q}
        autoFocus
        aria-label={t('common.search_hint')}
        placeholder={t('common.search_hint')}
        onSearch={(it) => change({ q: it || undefined }, true)}
        style={{ maxWidth: 640 }}
      />
      <Loaded
        query={found}
        empty={(it) => it.households.length + it.people.length === 0}
        emptyText={q ? t('search.nothing') : t('search.hint')}
      >
        {(it) => (
          <ul className="cards compact">
            {it.households.map((h) => (
              <li className="panel" key={h.household_id}>
                <Link to="/households/$id" params={{ id: h.household_id }}>
                  <b>{h.code}</b>
                  <span className="quiet">
                    <AreaName code={h.area_code} />
                  </span>
                </Link>
              </li>
            ))}
            {it.people.map((p) => (
              <li className="panel" key={p.person_id}>
                <Link to="/people/$id" params={{ id: p.person_id }}>
                  <b>{p.name ?? '•••'}</b>
                  <span className="quiet">
                    {p.household_code ?? p.household_id} <AreaName code={p.area_code} />
                  </span>
                </Link>
              </li>
            ))}
          </ul>
        )}
      </Loaded>
    </>
  );
}
