/** The field of the search, which knows what to do with words once somebody is about to write some. */
import { SearchOutlined } from '@ant-design/icons';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import { useSoon } from '@/components/useSoon';

const load = () => import('./SearchBox').then((it) => it.SearchBox);

export function Search() {
  const { t } = useTranslation();
  const may = useMay();
  const box = useRef<HTMLDivElement>(null);
  const [typed, setTyped] = useState('');
  const [isWanted, setWanted] = useState(false);
  // Who writes Chinese is in the middle of a word.
  const [isHeld, setHeld] = useState(false);
  const Box = useSoon(load, box, { isWanted, isHeld });
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
  return (
    <div className="search no-print" ref={box} role="search">
      {Box ? (
        <Box typed={typed} setTyped={setTyped} />
      ) : (
        <label className="as-field" onPointerEnter={() => setWanted(true)}>
          <SearchOutlined />
          <input
            value={typed}
            aria-label={t('common.search_hint')}
            placeholder={t('common.search_hint')}
            onFocus={() => setWanted(true)}
            onChange={(it) => setTyped(it.target.value)}
            onCompositionStart={() => setHeld(true)}
            onCompositionEnd={() => setHeld(false)}
          />
          <kbd>/</kbd>
        </label>
      )}
    </div>
  );
}
