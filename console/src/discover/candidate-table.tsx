import { Stack, Text } from '@mantine/core';
import type { Candidate } from '../api/segmentations.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount, formatRate, formatShare } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';

/** Every number of segments that was tried, and why one was chosen. */
export function CandidateTable({ candidates }: { readonly candidates: readonly Candidate[] }) {
  if (candidates.length === 0)
    return (
      <EmptyNote title="Nothing had to be tried">
        Buying habits are cut at fixed places; there is one way to do it.
      </EmptyNote>
    );
  return (
    <Stack gap="sm">
      <Text size="sm">
        Stability: how much of a segment is found again when the people are drawn anew; .75 and more can be
        relied on. Silhouette: how well apart the segments are, from -1 to 1.
      </Text>
      <ScrollTable label="What was tried" min_width={820}>
        <thead>
          <tr>
            <th>Tried</th>
            <th data-number>Segments</th>
            <th data-number>Stability</th>
            <th data-number>Least stable</th>
            <th data-number>Silhouette</th>
            <th data-number>Smallest</th>
            <th data-number>In none</th>
            <th>Decision</th>
          </tr>
        </thead>
        <tbody>
          {candidates.map((candidate) => (
            <tr key={candidate.setting} {...(candidate.chosen ? { 'data-selected': true } : {})}>
              <td>{candidate.setting}</td>
              <td data-number>{formatCount(candidate.clusters)}</td>
              <td data-number>{formatRate(candidate.stability)}</td>
              <td data-number>{formatRate(candidate.least_stability)}</td>
              <td data-number>
                {formatRate(candidate.silhouette)}
                {candidate.silhouette_se !== null && candidate.silhouette_se > 0 && (
                  <span className="pl-bounds"> ± {formatRate(1.96 * candidate.silhouette_se)}</span>
                )}
              </td>
              <td data-number>{formatShare(candidate.smallest_share)}</td>
              <td data-number>{formatShare(candidate.unassigned_share)}</td>
              <td>
                {candidate.chosen && <Tag tone="green">Chosen</Tag>} {candidate.reason}
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}
