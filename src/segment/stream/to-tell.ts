/** Which changes become events. */
import type { PersonId } from '../../kernel/ids.ts';
import type { SegmentChange } from '../contract.ts';
import type { Change } from './changes.ts';

/** Nobody did anything: the first time of all, or a team changed the rule. */
const SILENT: ReadonlySet<SegmentChange['cause']> = new Set(['first', 'release']);

export interface Told {
  readonly change: Change;
  /** Whose identifiers the event carries: of a person whose nodes all went elsewhere, the one who has them now. */
  readonly teller: PersonId;
}

/**
 * When nodes go from one person to another, nothing is told of a segment that the one was in before and the other is in
 * afterwards: the human being neither entered nor exited. `touches` says from whom nodes came (`from`).
 */
export function toTell(
  changes: readonly Change[],
  touches: ReadonlyMap<PersonId, { readonly from: ReadonlySet<PersonId> }>,
  membership: {
    readonly was_in: (person: PersonId, segment: string) => boolean;
    readonly is_in: (person: PersonId, segment: string) => boolean;
    /** Has nodes: of those through whom nodes went, only the last one does. */
    readonly is_there: (person: PersonId) => boolean;
  },
): Told[] {
  const takers = new Map<PersonId, PersonId[]>();
  for (const [to, { from }] of touches) {
    for (const person of from) takers.set(person, [...(takers.get(person) ?? []), to]);
  }
  return changes.flatMap((change): Told[] => {
    const { cause, person, segment, what } = change;
    if (SILENT.has(cause)) return [];
    const givers = [...(touches.get(person)?.from ?? [])];
    const took = takers.get(person) ?? [];
    if (what === 'entered' && givers.some((giver) => membership.was_in(giver, segment))) return [];
    if (what === 'exited' && took.some((taker) => membership.is_in(taker, segment))) return [];
    const teller = membership.is_there(person) ? person : (took.find(membership.is_there) ?? person);
    return [{ change, teller }];
  });
}
