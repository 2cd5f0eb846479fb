import type { PersonId } from '../../kernel/ids.ts';
import type { PersonDirectory } from '../../resolve/contract.ts';
import type { Built } from '../stream/built.ts';
import type { Change } from '../stream/changes.ts';
import type { Parting } from '../stream/parted.ts';
import type { SegmentStates } from '../stream/segments.step.ts';
import { type Told, toTell } from '../stream/to-tell.ts';

/**
 * By the rule of the stream (`toTell`): nothing is told of a segment that the one was in before and the other is in now. Who
 * was in before is taken from the changes first: states may have been written already by a try that was cut off.
 */
export async function toldOfParted(
  changes: readonly Change[],
  parted: readonly Parting[],
  { segments }: Built,
  { states, directory }: { readonly states: SegmentStates; readonly directory: PersonDirectory },
): Promise<readonly Told[]> {
  const people = [...new Set(parted.flat(2))];
  const found = await states.members.get(people);
  const members = new Map(people.map((person, i) => [person, new Set(found[i]?.in.map(([id]) => id))]));
  const nodes = await directory.nodesOf(people);
  const there = new Set(people.filter((_, i) => (nodes[i]?.length ?? 0) > 0));
  const changed = new Map(changes.map((one) => [`${one.person}\n${one.segment}`, one.what]));
  const isIn = (person: PersonId, segment: string, when_entered: boolean): boolean => {
    const what = changed.get(`${person}\n${segment}`);
    if (what !== undefined) return (what === 'entered') === when_entered;
    return members.get(person)?.has(segments[segment]?.id ?? 0) === true;
  };
  return toTell(changes, new Map(parted.map(([to, from]) => [to, { from: new Set(from) }])), {
    was_in: (person, segment) => isIn(person, segment, false),
    is_in: (person, segment) => isIn(person, segment, true),
    is_there: (person) => there.has(person),
  });
}
