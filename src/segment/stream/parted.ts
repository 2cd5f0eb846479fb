/**
 * People whom a batch took apart. What no look at them can decide (the segments of scans and of segmentations) is decided
 * again by whoever made those memberships: marks say whose.
 */
import type { PersonId } from '../../kernel/ids.ts';
import type { NodeId, PersonDirectory } from '../../resolve/contract.ts';
import type { Put } from '../../stores/online/port.ts';

/** Who got nodes, and from whom of those who still have some. */
export type Parting = readonly [to: PersonId, from: readonly PersonId[]];

export interface PartedMark {
  readonly partings: readonly Parting[];
}

/** Waiting for a scan of them alone, and for the runs that stand. */
export const PARTED_SCAN_PREFIX = 'segment-parted-scan:';
export const PARTED_RUN_PREFIX = 'segment-parted-run:';

/** `has_nodes` of those touched. */
export function partingsOf(
  touches: ReadonlyMap<PersonId, { readonly from: ReadonlySet<PersonId> }>,
  has_nodes: (person: PersonId) => boolean,
): Parting[] {
  return [...touches].flatMap(([to, { from }]): Parting[] => {
    const left = [...from].filter(has_nodes);
    return left.length === 0 || !has_nodes(to) ? [] : [[to, left]];
  });
}

const PARTINGS_A_MARK = 250;

/** `version` is that of the batch, so that a mark never takes the place of another one. */
export function marksOf(prefix: string, partings: readonly Parting[], version: number): Put[] {
  // Everybody who left the same person stays together, as far as one mark goes.
  const sorted = partings.toSorted(([, [a = '']], [, [b = '']]) => (a < b ? -1 : Number(a > b)));
  const marks: Put[] = [];
  for (let from = 0; from < sorted.length; from += PARTINGS_A_MARK) {
    const mark: PartedMark = { partings: sorted.slice(from, from + PARTINGS_A_MARK) };
    const key = `${prefix}${String(version).padStart(16, '0')}:${String(from).padStart(8, '0')}`;
    marks.push({ key, value: mark });
  }
  return marks;
}

export const partedPeople = (partings: readonly Parting[]): PersonId[] => [...new Set(partings.flat(2))];

/** With whoever has the nodes of one of them by now: a person's id is the key of their leading identifier, which is a node. */
export async function whoTheyAre(
  partings: readonly Parting[],
  directory: Pick<PersonDirectory, 'personsOf'>,
): Promise<PersonId[]> {
  const named = partedPeople(partings);
  const now = await directory.personsOf(named.map((person) => person as string as NodeId));
  return [...new Set([...named, ...now])];
}
