import { Stack, Title } from '@mantine/core';
import type { SegmentationRun } from '../api/segmentations.ts';
import { formatRate } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';

/** Where the scores of buying habits are cut: what a person must do to be among the best. */
export function RfmBins({ rfm }: { readonly rfm: NonNullable<SegmentationRun['rfm']> }) {
  const recency = bandsOf(rfm.recency);
  const frequency = bandsOf(rfm.frequency).reverse();
  const monetary = bandsOf(rfm.monetary).reverse();
  const rows = Array.from(
    { length: Math.max(recency.length, frequency.length, monetary.length) },
    (_, i) => i,
  );
  return (
    <Stack gap="xs">
      <Title order={3}>Where the scores are cut</Title>
      <ScrollTable label="Cuts of recency, frequency and value" min_width={420}>
        <thead>
          <tr>
            <th>Rank</th>
            <th data-number>Days since the last order</th>
            <th data-number>Orders</th>
            <th data-number>Value</th>
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row}>
              <td>{row === 0 ? '1, best' : row + 1}</td>
              <td data-number>{recency[row] ?? '–'}</td>
              <td data-number>{frequency[row] ?? '–'}</td>
              <td data-number>{monetary[row] ?? '–'}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

/** Ascending cuts as bands: a value at a cut is beyond it. */
function bandsOf(cuts: readonly number[]): string[] {
  const first = cuts[0];
  if (first === undefined) return ['all'];
  return [
    `under ${formatRate(first)}`,
    ...cuts.map((cut, i) => {
      const next = cuts[i + 1];
      if (next === undefined) return `${formatRate(cut)} and more`;
      return next === cut ? 'nobody' : `${formatRate(cut)} to ${formatRate(next)}`;
    }),
  ];
}
