import type { Definitions } from '../govern/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { SegmentReader } from './contract.ts';

import { SEGMENT_KIND, SEGMENTATION_KIND, segmentationOf } from './rules/segment-kind.ts';
import { BUILT_KEY, type Built } from './stream/built.ts';
import { type MemberState, memberKey } from './stream/member-state.ts';

/** Memberships out of the online store, as committed; some microseconds a person. */
export function createSegmentReader(online: OnlineStore, definitions: Definitions): SegmentReader {
  return {
    async segmentsOf(people) {
      const [built, ...states] = (await online.getMany([BUILT_KEY, ...people.map(memberKey)])) as [
        Built | undefined,
        ...(MemberState | undefined)[],
      ];
      const namesOf = (kind: string) => new Set(definitions.current(kind).map(({ name }) => name));
      const [released, segmentations] = [namesOf(SEGMENT_KIND), namesOf(SEGMENTATION_KIND)];
      const names = new Map(
        Object.entries(built?.segments ?? {})
          .filter(([name, { discovered }]) =>
            discovered === undefined ? released.has(name) : segmentations.has(segmentationOf(name)),
          )
          .map(([name, { id }]) => [id, name]),
      );
      return people.map((_, i) => (states[i]?.in ?? []).flatMap(([id]) => names.get(id) ?? []));
    },
  };
}
