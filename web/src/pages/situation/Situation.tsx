/** The situation room: where it goes wrong, at one look. */
import { PrinterOutlined } from '@ant-design/icons';
import { Navigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import { useKeptAddress } from '@/address';
import { Later } from '@/components/Later';
import { VisitListLink } from '@/components/VisitListLink';
import { Feed } from './Feed';
import { Headline } from './Headline';
import { MapPanel } from './MapPanel';
import { Rules } from './Rules';
import { BandsOverTime, ModuleTrends } from './Trends';
import { Worst } from './Worst';
import './situation.css';

export default function Situation() {
  const { t } = useTranslation();
  const may = useMay();
  const { area } = useKeptAddress();
  // Who counts nothing has work elsewhere.
  if (!may('counts:read')) return <Navigate to="/admin" />;
  return (
    <>
      <div className="row spread headline-row">
        <Headline />
        <span className="row no-print">
          <VisitListLink area={area} />
          <Button icon={<PrinterOutlined />} onClick={() => print()}>
            {t('common.print')}
          </Button>
        </span>
      </div>
      <div className="situation">
        <MapPanel />
        <Feed />
        <Later height={240}>
          <BandsOverTime />
        </Later>
        <Later height={240}>
          <ModuleTrends />
        </Later>
        <Later height={240}>
          <Worst />
        </Later>
        <Later height={240}>
          <Rules />
        </Later>
      </div>
    </>
  );
}
