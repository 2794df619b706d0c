/** Composite and modules over two years, with the lines of the bands and the shocks on the axis. */
import { useMemo } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import { useHouseholdHistory } from '@/api/household';
import { usePolicy } from '@/api/policy';
import type { HouseholdHistory } from '@/api/types';
import { axes, Chart } from '@/components/charts/Chart';
import { Spark } from '@/components/charts/Spark';
import { Loaded } from '@/components/Loaded';
import { useFormat } from '@/i18n/format';
import { useMoment } from '@/moment';
import { useDark } from '@/theme';
import { asBand, LOOKS } from '@/theme/bands';

export function Lines({ id }: { id: string }) {
  const { t } = useTranslation();
  const [moment] = useMoment();
  return (
    <section className="panel">
      <header>
        <h2>{t('household.trends')}</h2>
        <span className="quiet">{t('household.trends_hint')}</span>
      </header>
      <Loaded query={useHouseholdHistory(id, moment)} empty={(it) => it.items.length === 0} lines={7}>
        {(it) => (
          <div className="lines">
            <Composite it={it} />
            <Modules it={it} />
          </div>
        )}
      </Loaded>
    </section>
  );
}

function Composite({ it }: { it: HouseholdHistory }) {
  const { t } = useTranslation();
  const format = useFormat();
  const isDark = useDark();
  const option = useMemo(() => {
    const look = axes(isDark);
    const lines = (['yellow', 'orange', 'red'] as const)
      .filter((band) => it.lines?.[band] != null)
      .map((band) => ({
        yAxis: it.lines?.[band],
        lineStyle: { color: LOOKS[band].fill, type: 'dashed' },
        label: { formatter: t(`band.${band}`), position: 'end', color: isDark ? '#e6eaf0' : '#1a1f26', fontSize: 10 },
      }));
    const struck = [...new Set(it.shocks.map((shock) => shock.period))];
    const namesOf = (period: string) =>
      it.shocks.filter((shock) => shock.period === period).map((shock) => format.pick(shock.label));
    const all = it.items.map((p) => p.period);
    const words = struck.map((period) => told(namesOf(period)));
    const isNamed = named(struck.map((period) => all.indexOf(period)), words);
    const shocks = struck.map((period, n) => ({
      xAxis: format.period(period, true),
      lineStyle: { color: isDark ? '#a2aab5' : '#59626e', type: 'dotted' },
      label: { show: isNamed[n], formatter: words[n], rotate: 90, position: 'insideEndBottom', fontSize: 10, color: isDark ? '#e6eaf0' : '#1a1f26' },
    }));
    return {
      grid: { left: 34, right: 40, top: 12, bottom: 22 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'category', data: it.items.map((p) => format.period(p.period, true)), ...look },
      yAxis: { type: 'value', min: 0, ...look },
      series: [
        {
          type: 'line',
          name: t('common.composite'),
          data: it.items.map((p) => ({
            value: Math.round(p.composite * 10) / 10,
            itemStyle: { color: LOOKS[asBand(p.band)].fill, borderColor: isDark ? '#e6eaf0' : '#1a1f26', borderWidth: 0.6 },
          })),
          symbol: 'circle',
          symbolSize: 8,
          lineStyle: { color: isDark ? '#6ea8fe' : '#1d5fb8', width: 1.5 },
          markLine: { silent: true, symbol: 'none', data: [...lines, ...shocks] },
        },
      ],
    };
  }, [it, t, format, isDark]);
  const last = it.items.at(-1);
  const label = `${t('common.composite')}: ${format.score(last?.composite)}, ${t(`band.${asBand(last?.band)}`)}`;
  return <Chart option={option} label={label} height={210} />;
}

/** One name and how many more: names of one period would stand over each other. */
function told(names: string[]): string {
  const [first = '', ...more] = new Set(names);
  const short = first.length > 26 ? `${first.slice(0, 25)}…` : first;
  return more.length > 0 ? `${short} +${more.length}` : short;
}

/** Which of the lines have their name written: not what was said just before, and none over another. */
function named(places: number[], words: string[]): boolean[] {
  let before = -1;
  return places.map((place, n) => {
    const isOn = before < 0 || (place - (places[before] ?? 0) > 1 && words[before] !== words[n]);
    if (isOn) before = n;
    return isOn;
  });
}

function Modules({ it }: { it: HouseholdHistory }) {
  const format = useFormat();
  const modules = usePolicy().data?.modules;
  const ids = modules?.map((m) => m.id) ?? Object.keys(it.items.at(-1)?.modules ?? {});
  const edges = (['yellow', 'orange', 'red'] as const)
    .filter((band) => it.lines?.[band] != null)
    .map((band) => ({ at: it.lines?.[band] ?? 0, colour: LOOKS[band].fill }));
  const all = it.items.flatMap((p) => Object.values(p.modules));
  const top = Math.max(60, ...all.filter((v): v is number => v != null));
  return (
    <div className="module-lines">
      {ids.map((id) => {
        const values = it.items.map((p) => p.modules[id]);
        const name = format.pick(modules?.find((m) => m.id === id)?.label) || id;
        return (
          <figure key={id}>
            <figcaption>
              {name} <b className="tab">{format.score(values.at(-1))}</b>
            </figcaption>
            <Spark values={values} max={top} lines={edges} width={180} height={30} label={name} />
          </figure>
        );
      })}
    </div>
  );
}
