/** Value → severity, with today's households as bars under it. */
import { useMemo } from 'react';
import { useTranslation } from '@/i18n/useTranslation';
import type { Indicator } from '@/api/policy';
import { axes, Chart } from '@/components/charts/Chart';
import { useDark } from '@/theme';
import { LOOKS } from '@/theme/bands';

interface Props {
  it: Indicator;
  label: string;
  anchorOf: (key: string, now: number) => number;
}

const SEVERITY: Record<string, number> = { none: 0, yellow: 40, orange: 60, red: 80, full: 100 };

export function Curve({ it, label, anchorOf }: Props) {
  const { t } = useTranslation();
  const isDark = useDark();
  const moved = Object.entries(it.anchors ?? {})
    .flatMap(([key, now]) =>
      typeof now === 'number' && key in SEVERITY ? [[anchorOf(key, now), SEVERITY[key] ?? 0]] : [],
    )
    .toSorted((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  const points = JSON.stringify(moved);
  const isMoved = Object.entries(it.anchors ?? {}).some(
    ([key, now]) => typeof now === 'number' && anchorOf(key, now) !== now,
  );
  const option = useMemo(() => {
    const look = axes(isDark);
    const bands = (['yellow', 'orange', 'red'] as const).map((band) => ({
      yAxis: SEVERITY[band],
      lineStyle: { color: LOOKS[band].fill, type: 'dashed' },
      label: { formatter: t(`band.${band}`), position: 'insideStartTop', fontSize: 10, color: isDark ? '#e6eaf0' : '#1a1f26' },
    }));
    const curve = it.curve.map((p) => [p.value, p.severity]);
    return {
      grid: { left: 40, right: 44, top: 10, bottom: 24 },
      tooltip: { trigger: 'axis' },
      xAxis: { type: 'value', scale: true, ...look },
      yAxis: [
        { type: 'value', min: 0, max: 100, ...look },
        { type: 'value', ...look, splitLine: { show: false } },
      ],
      series: [
        {
          type: 'bar',
          name: t('policy.households_today'),
          yAxisIndex: 1,
          barWidth: 6,
          data: it.distribution.map((p) => [p.value, p.count]),
          itemStyle: { color: isDark ? '#3b4552' : '#c9d0d8' },
        },
        {
          type: 'line',
          name: t('policy.severity'),
          data: curve,
          symbol: 'circle',
          symbolSize: 5,
          lineStyle: { color: isDark ? '#6ea8fe' : '#1d5fb8', width: 2 },
          markLine: { silent: true, symbol: 'none', data: bands },
        },
        ...(isMoved
          ? [{ type: 'line', name: t('policy.moved'), data: JSON.parse(points), symbol: 'none', lineStyle: { color: isDark ? '#f2b45f' : '#8a4b00', type: 'dashed', width: 2 } }]
          : []),
      ],
    };
  }, [it, isDark, t, points, isMoved]);
  return <Chart option={option} label={t('policy.curve_of', { label })} height={220} />;
}
