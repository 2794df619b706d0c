/** `/` searches: households by code, people by name, pinyin, initials. */
import { SearchOutlined } from '@ant-design/icons';
import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { AutoComplete, Input } from 'antd';
import { useDeferredValue, useEffect, useRef, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { search } from '@/api/people';
import { useMay } from '@/api/me';
import { AreaName } from '@/components/AreaName';

export function SearchBox() {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const [typed, setTyped] = useState('');
  const asked = useDeferredValue(typed.trim());
  const box = useRef<HTMLDivElement>(null);
  const may = useMay();
  const found = useQuery({
    queryKey: ['search', asked],
    queryFn: () => search(asked),
    enabled: asked.length > 0,
    placeholderData: (before) => before,
  });
  useEffect(() => {
    const slash = (event: KeyboardEvent) => {
      const target = event.target as HTMLElement;
      if (event.key !== '/' || /INPUT|TEXTAREA|SELECT/.test(target.tagName)) return;
      event.preventDefault();
      box.current?.querySelector('input')?.focus();
    };
    addEventListener('keydown', slash);
    return () => removeEventListener('keydown', slash);
  }, []);
  if (!may('households:read')) return <span className="search" />;
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
    <div className="search no-print" ref={box} role="search">
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
    </div>
  );
}
