import type { Definitions } from '../govern/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { SegmentReader } from './contract.ts';
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
      const names = new Map(Object.entries(built?.segments ?? {}).map(([name, { id }]) => [id, name]));
      return people.map((_, i) =>
        (states[i]?.in ?? []).flatMap(([id]) => {
          const name = names.get(id);
          return name !== undefined && isGivenOut(name, uses, set) ? [name] : [];
        }),
      );
    },
  };
}
