/** Searches while somebody writes: households by code, people by name, pinyin, initials. */
import { SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { AutoComplete, Input } from 'antd';
import { useDeferredValue } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { search } from '@/api/people';
import { AreaName } from '@/components/AreaName';

interface Props {
  typed: string;
  setTyped: (it: string) => void;
}

export function SearchBox({ typed, setTyped }: Props) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const asked = useDeferredValue(typed.trim());
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: () => search(asked),
    enabled: asked.length > 0,
    placeholderData: (before) => before,
  });
  const go = (value: string) => {
    setTyped('');
    const [kind, id] = value.split('|');
    if (kind === 'q') void navigate({ to: '/search', search: { q: id } as never });
    else if (id) void navigate({ to: '/households/$id', params: { id } });
  };
  const households = (found.data?.households ?? []).slice(0, 6).map((it) => ({
    value: `h|${it.household_id}`,
    label: (
      <>
        {it.code} <AreaName code={it.area_code} />
      </>
    ),
  }));
  const people = (found.data?.people ?? []).slice(0, 6).map((it) => ({
    value: `p|${it.household_id ?? ''}|${it.person_id}`,
    label: `${it.name ?? '•••'}  ${it.household_id ?? ''}`,
  }));
  const all = asked ? [{ value: `q|${asked}`, label: `${t('common.search')}: ${asked}` }] : [];
  return (
    <AutoComplete
      value={typed}
      options={[...households, ...people, ...all]}
      onChange={(it: string) => setTyped(it.includes('|') ? typed : it)}
      onSelect={go}
      popupMatchSelectWidth={320}
    >
      <Input
        prefix={<SearchOutlined />}
        suffix={<kbd>/</kbd>}
        aria-label={t('common.search_hint')}
        placeholder={t('common.search_hint')}
        onPressEnter={() => asked && go(`q|${asked}`)}
      />
    </AutoComplete>
  );
}
