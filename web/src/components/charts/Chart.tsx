/** A chart with a sentence for those who do not see it. */
import type { EChartsCoreOption } from 'echarts/core';
import { useEffect, useRef } from 'react';
import { useDark } from '@/theme';
import { afterPaint } from '@/painted';
import { useQuiet } from '../useQuiet';

/** What another option replaces; tooltip and grid stay as they are. */
const REPLACED = ['series', 'xAxis', 'yAxis'];

interface Props {
  option: EChartsCoreOption;
  label: string;
  height: number;
  onPick?: (name: string, series?: string) => void;
}

type Instance = ReturnType<(typeof import('./engine'))['echarts']['init']>;

export function Chart({ option, label, height, onPick }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<Instance>(null);
  const latest = useRef({ option, onPick });
  latest.current = { option, onPick };
  const isDark = useDark();
  // Half a megabyte, and drawing takes longer than all words: those come first.
  const isQuiet = useQuiet();

  useEffect(() => {
    if (!isQuiet) return;
    let gone = false;
    let stop: (() => void) | undefined;
    const watch = new ResizeObserver(() => chart.current?.resize());
    void import('./engine').then(({ echarts }) => {
      if (gone || !box.current) return;
      chart.current = echarts.init(box.current, undefined, { renderer: 'svg' });
      stop = afterPaint(() => chart.current?.setOption(dressed(latest.current.option, isDark)));
      chart.current.on('click', (it) => latest.current.onPick?.(String(it.name), it.seriesName));
      watch.observe(box.current);
    });
    return () => {
      gone = true;
      stop?.();
      watch.disconnect();
      chart.current?.dispose();
      chart.current = null;
    };
  }, [isDark, isQuiet]);

  useEffect(
    // The words around a chart come first: drawing it takes longer than all of them.
    () => afterPaint(() => chart.current?.setOption(dressed(option, isDark), { replaceMerge: REPLACED })),
    [option, isDark],
  );

  return <div ref={box} className="chart" role="img" aria-label={label} style={{ height, width: '100%' }} />;
}

function dressed(option: EChartsCoreOption, isDark: boolean): EChartsCoreOption {
  const ink = isDark ? '#b3bac4' : '#4a5360';
  return {
    animation: false,
    textStyle: { color: ink, fontFamily: 'inherit', fontSize: 11 },
    ...option,
  };
}

/** Lines of a grid that stay in the background. */
export function axes(isDark: boolean) {
  const line = isDark ? '#2b323c' : '#e3e6ea';
  const ink = isDark ? '#b3bac4' : '#4a5360';
  return {
    axisLine: { lineStyle: { color: isDark ? '#5b6673' : '#8b95a1' } },
    axisLabel: { color: ink, fontSize: 11 },
    splitLine: { lineStyle: { color: line } },
    axisTick: { show: false },
  };
}
