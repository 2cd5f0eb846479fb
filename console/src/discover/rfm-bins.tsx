import { Stack, Title } from '@mantine/core';
import type { SegmentationRun } from '../api/segmentations.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { bandsOf } from './rfm-bands.ts';

/** Where the scores of buying habits are cut: what a person must do to be among the best. */
export function RfmBins({ rfm }: { readonly rfm: NonNullable<SegmentationRun['rfm']> }) {
  const recency = bandsOf(rfm.recency, true);
  const frequency = bandsOf(rfm.frequency, true).reverse();
  const monetary = bandsOf(rfm.monetary, false).reverse();
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
