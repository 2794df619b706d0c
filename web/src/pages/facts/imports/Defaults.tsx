/** What holds for every row that does not say it itself. */
import { Input } from 'antd';
import type { TFunction } from 'i18next';
import { useTranslation } from '@/i18n/useTranslation';
import type { Kind } from '@/api/imports';
import type { ImportColumns } from '@/api/types';

export interface Whole {
  date?: string;
  source?: string;
}

/** A table of households has a day for its values: from a column, or one for the whole file. */
export function needed(kind: Kind, columns: ImportColumns, matched: Record<string, string>, it: Whole, t: TFunction): string[] {
  const isWide = columns.targets.some((target) => target.is_fact);
  const hasDay = matched.date || it.date || Object.keys(matched).some((name) => name.endsWith('__date'));
  return kind !== 'facts' && isWide && !hasDay ? [t('imports.day')] : [];
}

export function Defaults({ it, change }: { it: Whole; change: (it: Whole) => void }) {
  const { t } = useTranslation();
  return (
    <div className="row defaults">
      <label className="row">
        {t('imports.day_of_all')}
        <Input
          type="date"
          style={{ width: 150 }}
          value={it.date ?? ''}
          onChange={(event) => change({ ...it, date: event.target.value || undefined })}
        />
      </label>
      <label className="row">
        {t('imports.source_of_all')}
        <Input
          style={{ width: 180 }}
          maxLength={100}
          value={it.source ?? ''}
          onChange={(event) => change({ ...it, source: event.target.value || undefined })}
        />
      </label>
    </div>
  );
}
