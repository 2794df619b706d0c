/** The way to the printed list of an area; shown where an area is looked at. */
import { UnorderedListOutlined } from '@ant-design/icons';
import { Button } from 'antd';
import { Link } from './Link';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';

export function VisitListLink({ area }: { area?: string }) {
  const { t } = useTranslation();
  const may = useMay()('households:read');
  if (!may || !area) return null;
  return (
    <Link className="no-print" to="/panel/visit-list" search={{ area }}>
      <Button icon={<UnorderedListOutlined />} tabIndex={-1}>
        {t('visits.title')}
      </Button>
    </Link>
  );
}
