/** The situation room: where it goes wrong, at one look. */
import { PrinterOutlined } from '@ant-design/icons';
import { Navigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { memo, useDeferredValue, useState } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useMay } from '@/api/me';
import { useSummary } from '@/api/situation';
import { KeptAddress, useKeptAddress, type Kept } from '@/address';
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
  const may = useMay();
  const kept = useKeptAddress();
  const mayCount = may('counts:read');
  const behind = useBehind(kept, mayCount);
  // Who counts nothing has work elsewhere.
  if (!mayCount) return <Navigate to="/admin" />;
  return (
    <>
      <div className="row spread headline-row">
        <Headline />
        <span className="row no-print">
          <VisitListLink area={kept.area} />
          <Print />
        </span>
      </div>
      <div className={behind === kept ? 'situation' : 'situation behind'}>
        <MapPanel />
        <KeptAddress value={behind}>
          <Rest />
        </KeptAddress>
      </div>
    </>
  );
}

/** The rest of the page follows to another area once the sentence has come, in the frames after it. */
function useBehind(kept: Kept, mayCount: boolean): Kept {
  const isTold = !useSummary(kept.area, kept.period, mayCount).isPlaceholderData;
  const [told, setTold] = useState(kept);
  if (isTold && told !== kept) setTold(kept);
  return useDeferredValue(told);
}

const Print = memo(function Print() {
  const { t } = useTranslation();
  return (
    <Button icon={<PrinterOutlined />} onClick={() => print()}>
      {t('common.print')}
    </Button>
  );
});

const Rest = memo(function Rest() {
  return (
    <>
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
    </>
  );
});
