/** Which column of the file holds what: guessed, corrected, kept under a name. */
import { useQuery } from '@tanstack/react-query';
import { App, Button, Input, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { keepMapping, mappings, type Kind } from '@/api/imports';
import type { ImportColumns } from '@/api/types';
import { oneLine } from '@/components/Failure';
import { useFormat } from '@/i18n/format';

interface Props {
  columns: ImportColumns;
  /** Target → column. */
  matched: Record<string, string>;
  kind: Kind;
  change: (it: Record<string, string>) => void;
}

export function initial(columns: ImportColumns): Record<string, string> {
  const found: Record<string, string> = {};
  for (const it of columns.columns) {
    if (it.guess && !(it.guess in found)) found[it.guess] = it.name;
  }
  return found;
}

/** Targets that must have a column and have none. */
export function missing(columns: ImportColumns, matched: Record<string, string>): string[] {
  return columns.targets.filter((it) => it.required && !matched[it.name]).map((it) => it.name);
}

export function Columns({ columns, matched, kind, change }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const of = (column: string) => Object.keys(matched).find((it) => matched[it] === column);
  const options = columns.targets.map((it) => ({
    value: it.name,
    label: `${format.pick(it.label) || it.name}${it.required ? ' *' : ''}`,
  }));
  const set = (column: string, target: string | undefined) => {
    const after = Object.fromEntries(
      Object.entries(matched).filter(([key, value]) => value !== column && key !== target),
    );
    change(target ? { ...after, [target]: column } : after);
  };
  return (
    <>
      <div className="scroll" tabIndex={0} role="region" aria-label={t('imports.step_columns')}>
        <table className="plain">
          <thead>
            <tr>
              <th>{t('imports.column')}</th>
              <th>{t('imports.is')}</th>
              <th>{t('imports.sample')}</th>
            </tr>
          </thead>
          <tbody>
            {columns.columns.map((it) => (
              <tr key={it.name}>
                <td>{it.name}</td>
                <td>
                  <Select
                    allowClear
                    showSearch={{ optionFilterProp: 'label' }}
                    aria-label={`${t('imports.is')}: ${it.name}`}
                    style={{ width: 240 }}
                    placeholder={t('imports.left_out')}
                    value={of(it.name)}
                    options={options}
                    onChange={(target?: string) => set(it.name, target)}
                  />
                  {it.guess && !it.is_certain && of(it.name) === it.guess ? (
                    <span className="guess"> {t('imports.guess')}</span>
                  ) : null}
                </td>
                <td className="quiet sample">{it.sample.filter(Boolean).slice(0, 4).join(' · ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <Kept kind={kind} matched={matched} change={change} />
    </>
  );
}

function Kept({ kind, matched, change }: Omit<Props, 'columns'>) {
  const { t } = useTranslation();
  const { message } = App.useApp();
  const [name, setName] = useState('');
  const kept = useQuery({ queryKey: ['mappings'], queryFn: mappings, retry: false });
  const these = kept.data?.items.filter((it) => it.kind === kind) ?? [];
  const keep = async () => {
    try {
      await keepMapping(name, kind, matched);
      await kept.refetch();
      setName('');
      message.success(t('common.saved'));
    } catch (error) {
      message.error(oneLine(error));
    }
  };
  return (
    <div className="row" style={{ marginTop: 8 }}>
      {these.length ? (
        <Select
          placeholder={t('imports.use_mapping')}
          aria-label={t('imports.use_mapping')}
          style={{ minWidth: 180 }}
          options={these.map((it) => ({ value: it.name, label: it.name }))}
          onChange={(it: string) => change(these.find((m) => m.name === it)?.columns ?? matched)}
        />
      ) : null}
      <Input
        style={{ width: 180 }}
        placeholder={t('imports.mapping_name')}
        aria-label={t('imports.mapping_name')}
        value={name}
        maxLength={60}
        onChange={(it) => setName(it.target.value)}
      />
      <Button disabled={!name} onClick={() => void keep()}>
        {t('imports.keep_mapping')}
      </Button>
    </div>
  );
}
