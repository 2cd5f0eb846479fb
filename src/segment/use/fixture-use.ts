/** Judges nothing and gives everything out, for tests of what comes after. */
import type { OnlineStore } from '../../stores/online/port.ts';
import type { SegmentSet } from '../compile/segment-set.ts';
import { BUILT_KEY, type Built } from '../stream/built.ts';
import { USE_KEY, type UseMap, useBasis } from './given-out.ts';

/** Of the released segments and of the clusters that there are or were. */
export async function giveAll(online: OnlineStore, released: Pick<SegmentSet, 'segments'>): Promise<void> {
  const built = await online.get<Built>(BUILT_KEY);
  const found = Object.entries(built?.segments ?? {}).filter(([, known]) => known.discovered !== undefined);
  const given = [
    ...released.segments.map((one) => [one.name, { basis: useBasis(one), is: 'given' }] as const),
    ...found.map(([name]) => [name, { basis: '', is: 'given' }] as const),
  ];
  const before = await online.get<UseMap>(USE_KEY);
  await online.commit({ put: [{ key: USE_KEY, value: { ...before, ...Object.fromEntries(given) } }] });
}
