/** How things stand, as a sentence whose numbers are links. */
import { memo } from 'react';
import { Trans } from 'react-i18next';
import { useTranslation } from '@/i18n/useTranslation';
import { useKeptAddress } from '@/address';
import { useArea } from '@/api/areas';
import { useAreaLabel } from '@/api/areaNames';
import { useSummary, type AreaSummary } from '@/api/situation';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';

export const Headline = memo(function Headline() {
  const { area, period } = useKeptAddress();
  return (
    <Loaded query={useSummary(area, period)} lines={1}>
      {(it) => <Sentence it={it} period={period} />}
    </Loaded>
  );
});

/** The area is the one that the figures are of, also while those of another are on the way. */
function Sentence({ it, period }: { it: AreaSummary; period?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { area } = it;
  const label = useAreaLabel(area);
  const name = format.pick(useArea(area).data?.name ?? label) || area || t('common.everywhere');
  const change = it.change_since_previous;
  const words = { period: format.period(it.period), area: name };
  return (
    <h1 className="headline" title={format.exact(it.as_of)}>
      <Trans
        i18nKey={period ? 'situation.headline_past' : 'situation.headline'}
        values={{
          ...words,
          need: format.number(it.need_visit),
          all: format.number(it.households),
        }}
        components={{
          // Warnings are those of the present; of the past there are scores.
          need: period ? (
            <Link to="/scores" search={{ area }} />
          ) : (
            <Link to="/warnings" search={{ state: 'open', area }} />
          ),
          all: <Link to="/scores" search={{ area }} />,
        }}
      />
      {change == null ? null : (
        <span>
          {t('situation.then')}
          {t(change > 0 ? 'situation.more' : change < 0 ? 'situation.fewer' : 'situation.same', {
            n: format.number(Math.abs(change)),
          })}
        </span>
      )}
      {it.waiting_over_days > 0 ? (
        <span>
          {t('situation.then')}
          <Link to="/warnings" search={{ state: 'open', overdue: 'true', area }}>
            {t('situation.waiting', { n: format.number(it.waiting_over_days), days: format.number(it.days) })}
          </Link>
        </span>
      ) : null}
      {it.budget && !period ? (
        <span className="quiet">
          {t('situation.budget', { budget: format.number(it.budget) })}
        </span>
      ) : null}
    </h1>
  );
}
