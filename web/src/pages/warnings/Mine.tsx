/** The officer's list on a phone: what waits, the worst first. */
import { Button } from 'antd';
import { useTranslation } from '@/i18n/useTranslation';
import { useKeptAddress } from '@/address';
import { mine } from '@/api/questions';
import { useWarnings } from '@/api/warnings';
import { AreaName } from '@/components/AreaName';
import { BandChip } from '@/components/BandChip';
import { Failure } from '@/components/Failure';
import { Link } from '@/components/Link';
import { useFormat } from '@/i18n/format';
import { useSentence } from './sentence';

export default function Mine() {
  const { t } = useTranslation();
  const format = useFormat();
  const sentence = useSentence();
  const { area } = useKeptAddress();
  const list = useWarnings(...mine(area));
  const rows = list.data?.pages.flatMap((it) => it.items) ?? [];
  return (
    <>
      <h1>{t('nav.mine')}</h1>
      {list.isError && rows.length === 0 ? (
        <Failure error={list.error} again={() => void list.refetch()} />
      ) : null}
      <ul className="cards">
        {rows.map((it) => (
          <li key={it.warning_id} className="panel">
            <Link to="/households/$id" params={{ id: it.household_id }}>
              <span className="row spread">
                <span className="row">
                  <BandChip band={it.urgency} /> <b>{it.household_id}</b>
                </span>
                <span className="quiet">{format.period(it.first_period, true)}</span>
              </span>
              <span className="quiet">
                <AreaName code={it.area_code} />
              </span>
              <span className="reason">{sentence(it)}</span>
            </Link>
          </li>
        ))}
      </ul>
      {list.hasNextPage ? (
        <Button block onClick={() => void list.fetchNextPage()} loading={list.isFetchingNextPage}>
          {t('common.more')}
        </Button>
      ) : null}
    </>
  );
}
