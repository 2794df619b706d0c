/** Rows as they would land, the bad ones on top with the reason in their own row. */
import { Switch } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useRows } from '@/api/imports';
import type { ImportRows } from '@/api/types';
import { Loaded } from '@/components/Loaded';

interface Props {
  id: string;
  /** Target → column: reasons name targets. */
  matched?: Record<string, string>;
}

type Row = ImportRows['items'][number];

export function Rows({ id, matched = {} }: Props) {
  const { t } = useTranslation();
  const [onlyErrors, setOnlyErrors] = useState(false);
  const rows = useRows(id, onlyErrors);
  const columnOf = (target: string | null | undefined) => (target ? (matched[target] ?? target) : undefined);
  return (
    <>
      <label className="row" style={{ margin: '8px 0' }}>
        <Switch size="small" checked={onlyErrors} onChange={setOnlyErrors} aria-label={t('imports.only_errors')} />
        {t('imports.only_errors')}
      </label>
      <Loaded query={rows} empty={(it) => it.items.length === 0} emptyText={onlyErrors ? t('imports.no_rows') : undefined}>
        {(it) => (
          <div className="scroll preview" tabIndex={0} role="region" aria-label={t('imports.preview')}>
            <table className="plain">
              <thead>
                <tr>
                  <th className="num">{t('imports.line')}</th>
                  <th>{t('imports.errors')}</th>
                  {it.columns.map((column) => (
                    <th key={column}>{column}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {it.items.map((row) => (
                  <One key={row.line} row={row} columns={it.columns} isBad={(name) => row.errors.some((e) => columnOf(e.column) === name)} />
                ))}
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </>
  );
}

interface OneProps {
  row: Row;
  columns: string[];
  isBad: (column: string) => boolean;
}

function One({ row, columns, isBad }: OneProps) {
  const { t } = useTranslation();
  return (
    <tr className={row.errors.length ? 'bad' : undefined}>
      <td className="num quiet">{row.line}</td>
      <td className="why">
        {row.errors.length
          ? row.errors.map((e) => [e.detail, e.hint].filter(Boolean).join(' – ')).join('; ')
          : t('imports.fine')}
      </td>
      {row.cells.map((cell, n) => {
        const column = columns[n] ?? '';
        return (
          <td key={column} className={isBad(column) ? 'bad-cell' : undefined}>
            {cell}
          </td>
        );
      })}
    </tr>
  );
}
