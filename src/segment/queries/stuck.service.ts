/** Whether every released segment has its answers, in a sentence for those who look after the system. */
import type { OnlineStore } from '../../stores/online/port.ts';
import type { SegmentSet } from '../compile/segment-set.ts';
import { BUILT_KEY, type Built, NOTHING_BUILT, problemOf } from '../stream/built.ts';

const SHOWN = 3;

/** Rejects with what is wrong, as checks of health do. */
export async function mustAllBeAnswered(online: OnlineStore, released: SegmentSet): Promise<string> {
  const built = (await online.get<Built>(BUILT_KEY)) ?? NOTHING_BUILT;
  const stuck = released.segments.flatMap((segment) => {
    const failed = problemOf(segment, built.segments[segment.name]);
    return failed === undefined ? [] : [`${segment.name}: ${failed.problem}`];
  });
  if (stuck.length === 0) return 'Every rule is answered.';
  const more = stuck.length > SHOWN ? `; and ${stuck.length - SHOWN} more` : '';
  throw new Error(`Could not be worked out: ${stuck.slice(0, SHOWN).join('; ')}${more}.`);
}
