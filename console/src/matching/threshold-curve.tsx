import { Group, NumberInput, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { type MatchRun, type ThresholdPoint, useThreshold } from '../api/matching.ts';
import { BandChart } from '../elements/band-chart.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { Estimate } from '../elements/estimate.tsx';
import { formatCount, formatShare } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { chanceWords, exactChance } from './evidence-words.ts';

interface Props {
  readonly run: MatchRun;
  readonly curve: readonly ThresholdPoint[];
}

/** What each threshold would bring: how many of the pairs are right, and how many of the matches are found. */
export function ThresholdCurve({ run, curve }: Props) {
  const points = useMemo(() => [...curve].sort((a, b) => a.weight - b.weight), [curve]);
  if (points.length === 0)
    return (
      <EmptyNote title="No pair was likely enough to draw a curve from">
        Look at the evidence and the blocking.
      </EmptyNote>
    );
  const accept = run.summary?.accept_probability;
  const mark = accept === undefined ? undefined : points.find(({ probability }) => probability >= accept);
  return (
    <Stack gap="sm">
      <Text size="sm">
        The further right the threshold, the fewer wrong pairs are joined (precision) and the more right ones
        are missed (recall).
      </Text>
      <div className="pl-panel" style={{ padding: 12 }}>
        <BandChart
          label="Expected precision and recall by threshold. The table below holds the same numbers."
          x_label="Threshold: least chance of a match"
          y_label="Share of pairs"
          format_x={(weight) => chanceWords(1 / (1 + 2 ** -weight))}
          format_y={formatShare}
          y_to={1}
          lines={[
            {
              name: 'Precision',
              colour: 'green',
              points: points.map((p) => ({
                x: p.weight,
                y: p.precision.share,
                low: p.precision.low,
                high: p.precision.high,
              })),
            },
            {
              name: 'Recall',
              colour: 'blue',
              points: points.map((p) => ({
                x: p.weight,
                y: p.recall,
                low: p.recall_low,
                high: p.recall_high,
              })),
            },
          ]}
          {...(mark === undefined ? {} : { mark: { x: mark.weight, name: 'in use' } })}
        />
      </div>
      <WantedPrecision run_id={run.id} />
      <CurveTable points={points} accept={accept} />
    </Stack>
  );
}

function WantedPrecision({ run_id }: { readonly run_id: string }) {
  const [percent, setPercent] = useState(99);
  const [asked] = useDebouncedValue(percent, 300);
  const threshold = useThreshold(run_id, asked / 100);
  const found = threshold.data;
  return (
    <Group gap="xs" align="flex-end">
      <NumberInput
        label="Wanted precision"
        suffix=" %"
        min={50}
        max={99.9}
        step={0.5}
        decimalScale={2}
        w={130}
        value={percent}
        onChange={(value) => setPercent(Number(value))}
      />
      <Text size="sm" role="status" pb={4}>
        {found === undefined
          ? ''
          : found === null
            ? 'No threshold reaches this: more or better evidence is needed.'
            : `Join from ${exactChance(found.probability)} on: ${formatCount(found.pairs)} pairs, ${formatShare(found.recall)} of all matches.`}
      </Text>
    </Group>
  );
}

function CurveTable({ points, accept }: { points: readonly ThresholdPoint[]; accept: number | undefined }) {
  return (
    <ScrollTable label="Thresholds" min_width={700} max_height="340px">
      <thead>
        <tr>
          <th data-number>Chance of a match</th>
          <th data-number>Pairs from here on</th>
          <th data-number>Precision, 95 % interval</th>
          <th data-number>Recall, 95 % interval</th>
          <th data-number>Decided by people</th>
        </tr>
      </thead>
      <tbody>
        {points.map((point) => (
          <tr
            key={point.weight}
            {...(accept !== undefined && point.probability >= accept ? { 'data-selected': true } : {})}
          >
            <td data-number>{exactChance(point.probability)}</td>
            <td data-number>{formatCount(point.pairs)}</td>
            <td data-number>
              <Estimate value={point.precision.share} low={point.precision.low} high={point.precision.high} />
            </td>
            <td data-number>
              <Estimate value={point.recall} low={point.recall_low} high={point.recall_high} />
            </td>
            <td data-number>{formatCount(point.labelled)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
