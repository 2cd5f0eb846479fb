import type { Definitions } from '../govern/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { SegmentReader } from './contract.ts';
import { SEGMENTATION_KIND, segmentationOf } from './rules/segment-kind.ts';
import { BUILT_KEY, type Built } from './stream/built.ts';
import { type MemberState, memberKey } from './stream/member-state.ts';
import { releasedSet } from './stream/streamed.ts';
import { isGivenOut, USE_KEY, type UseMap } from './use/given-out.ts';

/** Memberships out of the online store, as committed; some microseconds a person. Segments that are held are left out. */
export function createSegmentReader(online: OnlineStore, definitions: Definitions): SegmentReader {
  const released = releasedSet(definitions);
  return {
    async segmentsOf(people) {
      const keys = [BUILT_KEY, USE_KEY, ...people.map(memberKey)];
      const [built, uses, ...states] = (await online.getMany(keys)) as [
        Built | undefined,
        UseMap | undefined,
        ...(MemberState | undefined)[],
      ];
      const set = released();
      const segmentations = new Set(definitions.current(SEGMENTATION_KIND).map(({ name }) => name));
      const stands = (name: string, { discovered }: Built['segments'][string]): boolean =>
        discovered === undefined || segmentations.has(segmentationOf(name));
      const names = new Map(
        Object.entries(built?.segments ?? {})
          .filter(([name, known]) => stands(name, known) && isGivenOut(name, uses, set))
          .map(([name, { id }]) => [id, name]),
      );
      return people.map((_, i) => (states[i]?.in ?? []).flatMap(([id]) => names.get(id) ?? []));
    },
  };
}
