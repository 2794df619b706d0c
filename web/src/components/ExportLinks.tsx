/** Files out, in the formats that come back in. */
import { DownloadOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { address } from '@/api/http';
import { useMay } from '@/api/me';
import { MenuButton } from './MenuButton';

export function ExportLinks({ what, area }: { what: string; area?: string }) {
  const { t } = useTranslation();
  const may = useMay()('exports:read');
  if (!may) return null;
  const items = ['xlsx', 'csv', 'ndjson', 'parquet'].map((format) => ({
    key: format,
    label: (
      <a href={address(`/exports/${what}`, { format, area })} download>
        {format.toUpperCase()}
      </a>
    ),
  }));
  return (
    <MenuButton items={items}>
      <Button className="no-print" icon={<DownloadOutlined />}>
        {t('common.export')}
      </Button>
    </MenuButton>
  );
}
