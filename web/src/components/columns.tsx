/** Which columns of a table are shown: chosen once, remembered on this machine. */
import { Button, Checkbox } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { MenuButton } from './MenuButton';

function read(key: string): string[] {
  try {
    const all = JSON.parse(localStorage.getItem(key) ?? '[]') as unknown;
    return Array.isArray(all) ? all.filter((it) => typeof it === 'string') : [];
  } catch {
    return [];
  }
}

export interface Columns {
  shows: (id: string) => boolean;
  hide: (id: string, isHidden: boolean) => void;
}

/** `table` is the name under which the choice is remembered. */
export function useColumns(table: string): Columns {
  const key = `holdfast.${table}.hidden`;
  const [hidden, setHidden] = useState(() => read(key));
  const hide = useCallback(
    (id: string, isHidden: boolean) =>
      setHidden((before) => {
        const others = before.filter((it) => it !== id);
        const after = isHidden ? [...others, id] : others;
        localStorage.setItem(key, JSON.stringify(after));
        return after;
      }),
    [key],
  );
  const shows = useCallback((id: string) => !hidden.includes(id), [hidden]);
  return useMemo(() => ({ shows, hide }), [shows, hide]);
}

interface Props {
  columns: Columns;
  /** Those that may be hidden: id and name. */
  choices: [string, string][];
}

export function ColumnChooser({ columns, choices }: Props) {
  const { t } = useTranslation();
  const items = choices.map(([id, name]) => ({
    key: id,
    label: (
      <Checkbox checked={columns.shows(id)} onChange={(it) => columns.hide(id, !it.target.checked)}>
        {name}
      </Checkbox>
    ),
  }));
  return (
    <MenuButton items={items}>
      <Button className="no-print">{t('scores.columns')}</Button>
    </MenuButton>
  );
}
