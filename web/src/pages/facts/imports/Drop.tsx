import { InboxOutlined } from '@ant-design/icons';
import { useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useFormat } from '@/i18n/format';

interface Props {
  file?: File;
  take: (it: File) => unknown;
  isBusy: boolean;
}

/** A place to drop a file on, which is a button too. */
export function Drop({ file, take, isBusy }: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const [isOver, setOver] = useState(false);
  return (
    <label
      className={isOver ? 'drop over' : 'drop'}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        const dropped = event.dataTransfer.files[0];
        if (dropped) take(dropped);
      }}
    >
      <InboxOutlined />
      <span>
        {file ? `${file.name} · ${format.number(file.size / 1024, file.size < 10_240 ? 1 : 0)} kB` : t('imports.drop')}
        {isBusy ? ` · ${t('common.loading')}` : ''}
      </span>
      <input
        type="file"
        accept=".csv,.xlsx,.xls,.ods,.ndjson,.jsonl,.parquet"
        onChange={(event) => {
          const chosen = event.target.files?.[0];
          if (chosen) take(chosen);
          event.target.value = '';
        }}
      />
    </label>
  );
}
