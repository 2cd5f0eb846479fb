import { useComputedColorScheme } from '@mantine/core';
import { BarChart, LineChart } from 'echarts/charts';
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components';
import { type EChartsType, init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { formatRate } from './number-format.ts';

use([BarChart, LineChart, GridComponent, LegendComponent, TooltipComponent, AriaComponent, SVGRenderer]);

export interface Series {
  readonly name: string;
  /** A colour of the console: `green`, `red`, `amber`, `blue`, `grey` or `accent-text`. */
  readonly colour: string;
  readonly values: readonly number[];
}

export interface ChartProps {
  /** Says what the chart shows; read aloud in its place. */
  readonly label: string;
  readonly kind: 'bar' | 'line';
  readonly stacked?: boolean;
  /** One a point, as on the axis. */
  readonly categories: readonly string[];
  readonly x_label: string;
  /** With its unit: 'Events per second'. */
  readonly y_label: string;
  readonly series: readonly Series[];
  readonly height_px: number;
}

export function EchartsChart(props: ChartProps) {
  const holder = useRef<HTMLDivElement>(null);
  const chart = useRef<EChartsType | null>(null);
  const scheme = useComputedColorScheme('light');
  useEffect(() => {
    if (holder.current === null) return;
    const made = init(holder.current, null, { renderer: 'svg' });
    chart.current = made;
    const watcher = new ResizeObserver(() => made.resize());
    watcher.observe(holder.current);
    return () => {
      watcher.disconnect();
      made.dispose();
      chart.current = null;
    };
  }, []);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme changes the colours that optionOf reads
  useEffect(() => {
    chart.current?.setOption(optionOf(props, chart.current.getWidth()), { notMerge: true });
  }, [props, scheme]);
  return (
    <div
      ref={holder}
      role="img"
      aria-label={props.label}
      style={{ height: props.height_px, width: '100%' }}
    />
  );
}

function optionOf(props: ChartProps, width_px: number) {
  // On a narrow screen a long legend takes two lines.
  const top_px = width_px < 480 && props.series.length > 3 ? 66 : 46;
  const style = getComputedStyle(document.documentElement);
  const colour = (name: string) => style.getPropertyValue(name).trim();
  // The library measures text by itself, so it needs the real family, not `inherit`.
  const fontFamily = colour('--mantine-font-family');
  const text = colour('--mantine-color-dimmed');
  const line = colour('--pl-line');
  const axis = { nameTextStyle: { color: text, fontSize: 12 }, axisLabel: { color: text, fontSize: 11 } };
  return {
    animation: false,
    textStyle: { fontFamily },
    grid: { left: 8, right: 14, top: top_px, bottom: 26, containLabel: true },
    legend: {
      top: 0,
      right: 0,
      itemGap: 14,
      textStyle: { color: text, fontSize: 12 },
      itemWidth: 10,
      itemHeight: 10,
      icon: 'circle',
    },
    tooltip: {
      trigger: 'axis',
      confine: true,
      backgroundColor: colour('--mantine-color-body'),
      borderColor: line,
      textStyle: { color: colour('--mantine-color-text'), fontSize: 12 },
      valueFormatter: (value: unknown) => formatRate(Number(value)),
    },
    xAxis: {
      type: 'category',
      data: [...props.categories],
      name: props.x_label,
      nameLocation: 'middle',
      nameGap: 30,
      axisLine: { lineStyle: { color: line } },
      axisTick: { show: false },
      ...axis,
      axisLabel: { ...axis.axisLabel, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      name: props.y_label,
      nameLocation: 'end',
      splitNumber: 4,
      splitLine: { lineStyle: { color: line } },
      ...axis,
      nameTextStyle: { ...axis.nameTextStyle, align: 'left' },
      axisLabel: { ...axis.axisLabel, formatter: (value: number) => shortNumber.format(value) },
    },
    series: props.series.map((series) => ({
      type: props.kind,
      name: series.name,
      data: [...series.values],
      ...(props.stacked === true ? { stack: 'all' } : {}),
      ...(props.kind === 'bar'
        ? { barMaxWidth: 26, barCategoryGap: '22%' }
        : { showSymbol: false, lineStyle: { width: 2 } }),
      itemStyle: { color: colour(`--pl-${series.colour}`) },
    })),
  };
}

const shortNumber = new Intl.NumberFormat('en-GB', { notation: 'compact', maximumSignificantDigits: 3 });
