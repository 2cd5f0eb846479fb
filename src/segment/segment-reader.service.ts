import type { Definitions } from '../govern/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { SegmentReader } from './contract.ts';
import { SEGMENT_KIND } from './rules/segment-kind.ts';
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
      const released = new Set(definitions.current(SEGMENT_KIND).map(({ name }) => name));
      const names = new Map(Object.entries(built?.segments ?? {}).map(([name, { id }]) => [id, name]));
      return people.map((_, i) =>
        (states[i]?.in ?? []).flatMap(([id]) => {
          const name = names.get(id);
          return name !== undefined && released.has(name) ? [name] : [];
        }),
      );
    },
  };
}
