/** Bands over time, unknown on top; the modules as small multiples with one axis. */
import { useMemo } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useKeptAddress } from '@/address';
import { usePolicy } from '@/api/policy';
import { useHistory } from '@/api/situation';
import type { Past } from '@/api/types';
import { axes, Chart } from '@/components/charts/Chart';
import { Spark } from '@/components/charts/Spark';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { useDark } from '@/theme';
import { LOOKS, type Band } from '@/theme/bands';

const STACKED: Band[] = ['red', 'orange', 'yellow', 'unknown'];

export function BandsOverTime() {
  const { t } = useTranslation();
  const { area, period } = useKeptAddress();
  return (
    <section className="panel">
      <header>
        <h2>{t('situation.bands_over_time')}</h2>
        <span className="quiet">{t('situation.without_green')}</span>
      </header>
      <Loaded query={useHistory(area, period)} empty={(it) => it.items.length === 0} lines={6}>
        {(it) => <Stack past={it.items} />}
      </Loaded>
    </section>
  );
}

function Stack({ past }: { past: Past[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isDark = useDark();
  const option = useMemo(() => {
    const look = axes(isDark);
    return {
      grid: { left: 40, right: 8, top: 8, bottom: 22 },
      tooltip: { trigger: 'axis', axisPointer: { type: 'shadow' } },
      xAxis: { type: 'category', data: past.map((it) => format.period(it.period, true)), ...look },
      yAxis: { type: 'value', ...look },
      series: STACKED.map((band) => ({
        type: 'bar',
        name: `${LOOKS[band].letter} ${t(`band.${band}`)}`,
        stack: 'bands',
        barCategoryGap: '18%',
        data: past.map((it) => it.bands[band] ?? 0),
        itemStyle: { color: LOOKS[band].fill, borderColor: isDark ? '#161b22' : '#fff', borderWidth: 0.5 },
      })),
    };
  }, [past, format, isDark, t]);
  const last = past.at(-1);
  const label = `${t('situation.bands_over_time')}: ${STACKED.map(
    (it) => `${t(`band.${it}`)} ${format.number(last?.bands[it] ?? 0)}`,
  ).join(', ')}`;
  return <Chart option={option} label={label} height={190} />;
}

export function ModuleTrends() {
  const { t } = useTranslation();
  const format = useFormat();
  const { area, period } = useKeptAddress();
  const modules = usePolicy().data?.modules;
  return (
    <section className="panel">
      <header>
        <h2>{t('situation.modules')}</h2>
        <span className="quiet">{t('situation.modules_axis')}</span>
      </header>
      <Loaded query={useHistory(area, period)} empty={(it) => it.items.length === 0} lines={6}>
        {({ items }) => {
          const ids = modules?.map((it) => it.id) ?? Object.keys(items.at(-1)?.modules ?? {});
          const all = items.flatMap((it) => Object.values(it.modules));
          const top = Math.max(10, ...all.filter((it): it is number => it != null));
          return (
            <div className="multiples">
              {ids.map((id) => {
                const values = items.map((it) => it.modules[id]);
                const name = format.pick(modules?.find((it) => it.id === id)?.label) || id;
                const now = values.at(-1);
                const before = values.at(-13);
                return (
                  <figure key={id}>
                    <figcaption>
                      <span className="name" title={name}>
                        {name}
                      </span>
                      <b className="tab">{format.score(now)}</b>
                      <span className="quiet tab">
                        {now != null && before != null
                          ? t('situation.year', { n: format.signed(now - before, 1) })
                          : ''}
                      </span>
                    </figcaption>
                    <Spark values={values} max={top} width={150} height={44} label={`${name}: ${format.score(now)}`} />
                  </figure>
                );
              })}
            </div>
          );
        }}
      </Loaded>
    </section>
  );
}
