import { Stack, Text, Title } from '@mantine/core';
import type { SegmentationRun } from '../api/segmentations.ts';
import { HeatMap } from '../elements/heat-map.tsx';
import { formatCount, formatRate } from '../elements/number-format.ts';

/** Scores from the best to the worst; ranks say it the other way round. */
const SCORES = [5, 4, 3, 2, 1];
const rank = (score: number): number => 6 - score;

/** How many people order how lately and how often, and what they spend: the picture of buying habits. */
export function RfmGrid({ grid }: { readonly grid: NonNullable<SegmentationRun['grid']> }) {
  const most = Math.max(1, ...grid.map((cell) => cell.people));
  return (
    <Stack gap="xs">
      <Title order={3}>How lately and how often they order</Title>
      <HeatMap
        label="People by recency and frequency"
        corner="Last order"
        columns={SCORES.map((score) => columnOf(rank(score)))}
        rows={SCORES.map((recency) => ({
          name: rowOf(rank(recency)),
          cells: SCORES.map((frequency) => {
            const cell = grid.find((each) => each.recency === recency && each.frequency === frequency);
            return cell === undefined
              ? { heat: null, text: '–', title: 'Nobody' }
              : {
                  heat: cell.people / most,
                  text: formatCount(cell.people),
                  title: `${formatCount(cell.people)} people, who spent ${formatRate(cell.monetary_mean)} on average`,
                };
          }),
        }))}
      />
      <Text size="xs" c="dimmed">
        People with each pair of ranks; the deeper the blue, the more they are. Where a rank begins is said
        below.
      </Text>
    </Stack>
  );
}

const columnOf = (n: number): string =>
  n === 1 ? 'Orders: rank 1, most' : n === 5 ? 'Rank 5, fewest' : `Rank ${n}`;
const rowOf = (n: number): string =>
  n === 1 ? 'Rank 1, latest' : n === 5 ? 'Rank 5, longest ago' : `Rank ${n}`;
