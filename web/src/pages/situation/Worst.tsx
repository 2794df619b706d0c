/** The worst areas below this one: of a whole city its townships, else whatever lies directly below. */
import { useTranslation } from '@/i18n/useTranslation';
import { useAddressPart, useKeptAddress } from '@/address';
import { useOutermost } from '@/api/areas';
import { deeperLevel } from '@/api/outermost';
import { useChildren } from '@/api/situation';
import type { Child } from '@/api/types';
import { BandBar } from '@/components/BandBar';
import { Link } from '@/components/Link';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { measureOf, type Measure } from './measures';
import { WarnedSpark } from './WarnedSpark';

export function Worst() {
  const { t } = useTranslation();
  const { area, period } = useKeptAddress();
  const chosen = useAddressPart('measure');
  const outermost = useOutermost(area);
  const parts = useChildren(outermost, period);
  const wanted = deeperLevel(parts.data);
  const deeper = useChildren(outermost, period, wanted, wanted !== undefined);
  return (
    <section className="panel">
      <header>
        <h2>{t('situation.worst')}</h2>
        <span className="quiet">{t('situation.worst_by')}</span>
      </header>
      <Loaded query={wanted ? deeper : parts} empty={(it) => it.items.length === 0}>
        {({ items }) => (
          <div className="scroll" tabIndex={0} role="region" aria-label={t('situation.worst')}>
            <table className="plain">
              <thead>
                <tr>
                  <th>{t('common.area')}</th>
                  <th className="num">{t('situation.households')}</th>
                  <th className="num">{t('situation.warned')}</th>
                  <th>{t('situation.last_year')}</th>
                  <th className="num">{t('situation.change')}</th>
                  <th className="num">{t('situation.overdue')}</th>
                  <th>{t('common.band')}</th>
                </tr>
              </thead>
              <tbody>
                <Lines areas={worst(items, measureOf(chosen))} period={period} measure={chosen} />
              </tbody>
            </table>
          </div>
        )}
      </Loaded>
    </section>
  );
}

function worst(items: Child[], measure: Measure): Child[] {
  return items.toSorted((a, b) => (measure.of(b) ?? -1) - (measure.of(a) ?? -1)).slice(0, 10);
}

interface Shown {
  areas: Child[];
  period?: string;
  /** As the address names it. */
  measure?: string;
}

function Lines({ areas, period, measure }: Shown) {
  const format = useFormat();
  // Small lines of one table have one axis.
  const top = 1.4 * Math.max(0.05, ...areas.map((it) => it.warned / it.households || 0));
  return areas.map((it) => (
    <tr key={it.area_code}>
      <td>
        <Link to="/" search={{ measure, area: it.area_code }}>
          {format.pick(it.name) || it.area_code}
        </Link>
      </td>
      <td className="num">
        <Link to="/scores" search={{ area: it.area_code }}>
          {format.number(it.households)}
        </Link>
      </td>
      <td className="num">
        <Link to="/warnings" search={{ area: it.area_code }}>
          {format.number(it.warned)}
        </Link>{' '}
        <span className="quiet">{format.share(it.warned / it.households, 1)}</span>
      </td>
      <td>
        <WarnedSpark area={it.area_code} period={period} max={top} />
      </td>
      <td className="num">{it.previous_warned == null ? '–' : format.signed(it.warned - it.previous_warned)}</td>
      <td className="num">
        {period ? (
          '–'
        ) : (
          <Link to="/warnings" search={{ state: 'open', overdue: 'true', area: it.area_code }}>
            {format.number(it.overdue)}
          </Link>
        )}
      </td>
      <td>
        <BandBar bands={it.bands} area={it.area_code} isShort />
      </td>
    </tr>
  ));
}
