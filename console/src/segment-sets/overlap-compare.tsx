import { MultiSelect, Stack, Text } from '@mantine/core';
import { useKnownSegments } from '../api/segment-rules.ts';
import { type OverlapMatrix, useOverlap } from '../api/segment-validation.ts';
import { useAddressState } from '../elements/address-state.ts';
import { HeatMap } from '../elements/heat-map.tsx';
import { formatCount, formatPeople, formatShare } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';

const MOST = 12;

/** How many people any segments share. `compare` in the address names them. */
export function OverlapCompare() {
  const [address, setAddress] = useAddressState();
  const known = useKnownSegments();
  const chosen = (address['compare'] ?? '').split(',').filter((name) => name !== '');
  const names = [...new Set([...known.map(({ name }) => name), ...chosen])];
  const labels = new Map(known.map(({ name, label }) => [name, label]));
  const overlap = useOverlap(chosen);
  return (
    <Stack gap="sm">
      <MultiSelect
        label="Segments"
        description={`Two to ${MOST}. Those that share many people are candidates for a set.`}
        placeholder={chosen.length === 0 ? 'Choose segments…' : ''}
        size="xs"
        searchable
        clearable
        clearButtonProps={{ 'aria-label': 'Clear all' }}
        maxValues={MOST}
        nothingFoundMessage="No segment is called so"
        data={names.map((value) => ({ value, label: labels.get(value) || value }))}
        value={chosen}
        onChange={(next) => setAddress({ compare: next.join(',') })}
      />
      {chosen.length > 1 && <QueryState query={overlap}>{(data) => <Matrix matrix={data} />}</QueryState>}
    </Stack>
  );
}

function Matrix({ matrix }: { readonly matrix: OverlapMatrix }) {
  const { segments, pairs } = matrix;
  const shareOf = (row: string, column: string) => {
    const pair = pairs.find(({ a, b }) => (a === row && b === column) || (a === column && b === row));
    return pair === undefined
      ? undefined
      : { ...pair, share: pair.a === row ? pair.share_of_a : pair.share_of_b };
  };
  return (
    <Stack gap="sm">
      <Text size="sm">Share of the people in the row who are in the column too.</Text>
      <HeatMap
        label="Overlap of the segments"
        corner="Of the people in"
        columns={segments.map(({ segment }) => segment)}
        rows={segments.map((row) => ({
          name: row.segment,
          cells: segments.map(({ segment: column }) => {
            if (column === row.segment)
              return { heat: null, text: formatCount(row.people), title: 'People in it' };
            const pair = shareOf(row.segment, column);
            if (pair === undefined) return { heat: null, text: '–' };
            return {
              heat: pair.share === 0 ? null : pair.share,
              text: formatShare(pair.share),
              title: `${formatPeople(pair.both)} people`,
            };
          }),
        }))}
      />
      <ScrollTable label="Pairs" min_width={520} max_height="320px">
        <thead>
          <tr>
            <th>Pair</th>
            <th data-number>In both</th>
            <th data-number title="Jaccard: in both, of those in either">
              Of either
            </th>
            <th>What it means</th>
          </tr>
        </thead>
        <tbody>
          {[...pairs]
            .sort((one, other) => (other.jaccard ?? 0) - (one.jaccard ?? 0))
            .map((pair) => (
              <tr key={`${pair.a} ${pair.b}`}>
                <td>
                  {pair.a}, {pair.b}
                </td>
                <td data-number>{formatPeople(pair.both)}</td>
                <td data-number>{formatShare(pair.jaccard)}</td>
                <td>{pair.words}</td>
              </tr>
            ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}
