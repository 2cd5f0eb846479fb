import { Stack, Text } from '@mantine/core';
import type { SegmentSet } from '../api/segment-sets.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { HeatMap } from '../elements/heat-map.tsx';
import { formatCount, formatCounted, formatPeople, formatShare } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { sharedPeople } from './overlap-pairs.ts';

/** How many people the members share, pair by pair and in every combination. */
export function SetOverlap({ set }: { readonly set: SegmentSet }) {
  if (set.overlaps.length === 0 && set.overlaps_left_out === 0)
    return <EmptyNote title="The members share nobody">Nothing has to be decided between them.</EmptyNote>;
  return (
    <Stack gap="sm">
      <Text size="sm">Share of the people in the row who are in the column too, before the set decides.</Text>
      {set.overlaps_left_out > 0 && (
        <Text size="sm" c="dimmed">
          Without {formatCounted(set.overlaps_left_out, 'combination')} of fewer than 10 people: your role
          sees no people.
        </Text>
      )}
      <HeatMap
        label="Overlap of the members"
        corner="Of the people in"
        columns={set.members_now.map(({ segment }) => segment)}
        rows={set.members_now.map((row) => ({
          name: row.segment,
          cells: set.members_now.map((column) => cellOf(set, row, column.segment)),
        }))}
      />
      <ScrollTable label="Combinations" min_width={360} max_height="320px">
        <thead>
          <tr>
            <th>In all of</th>
            <th data-number>People</th>
          </tr>
        </thead>
        <tbody>
          {set.overlaps.map((overlap) => (
            <tr key={overlap.segments.join(' ')}>
              <td>{overlap.segments.join(', ')}</td>
              <td data-number>{formatCount(overlap.people)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

function cellOf(set: SegmentSet, row: SegmentSet['members_now'][number], column: string) {
  if (row.segment === column) return { heat: null, text: formatPeople(row.before), title: 'People in it' };
  const shared = sharedPeople(set.overlaps, row.segment, column);
  const share = row.before === null || row.before === 0 ? 0 : shared / row.before;
  return {
    heat: share === 0 ? null : share,
    text: formatShare(share),
    title: `${formatCount(shared)} people`,
  };
}
