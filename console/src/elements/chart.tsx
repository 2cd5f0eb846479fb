import { Skeleton } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ChartProps } from './echarts-chart.tsx';

const EchartsChart = lazy(() =>
  import('./echarts-chart.tsx').then((module) => ({ default: module.EchartsChart })),
);

/** A chart; its library loads when the first one is shown. */
export function Chart(props: ChartProps) {
  return (
    <Suspense fallback={<Skeleton height={props.height_px} aria-label="Loading the chart" />}>
      <EchartsChart {...props} />
    </Suspense>
  );
}
