import type { Cluster } from '../api/segmentations.ts';

/** Colours and marks in turn: two clusters of one colour never share a mark. */
const COLOURS = ['blue', 'amber', 'green', 'red', 'grey'] as const;
const MARKS = ['circle', 'square', 'triangle', 'diamond'] as const;

export interface ClusterLook {
  readonly colour: string;
  readonly mark: (typeof MARKS)[number];
}

export function looksOf(clusters: readonly Cluster[]): ReadonlyMap<string, ClusterLook> {
  return new Map(
    clusters.map(({ key }, index) => [
      key,
      {
        colour: `var(--pl-${COLOURS[index % COLOURS.length]})`,
        mark: MARKS[(index + Math.floor(index / (COLOURS.length * MARKS.length))) % MARKS.length] ?? 'circle',
      },
    ]),
  );
}
