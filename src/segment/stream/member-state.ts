/** Which segments a person is in, as decisions read it, and when to look again. */

export interface MemberState {
  /** Changes of this person so far: makes the id of the next ones. */
  readonly changes: number;
  /** Number of the segment (see `built.ts`) and since when, ms. */
  readonly in: readonly (readonly [segment: number, since_ms: number])[];
  /** When the person is looked at again because time may change an answer; 0: no timer. */
  readonly due_ms: number;
}

export const NO_MEMBER: MemberState = { changes: 0, in: [], due_ms: 0 };

export const memberKey = (person: string): string => `${MEMBER_PREFIX}${person}`;
export const MEMBER_PREFIX = 'member:';

/** Sorts by due time. */
export const timerKey = (due_ms: number, person: string): string =>
  `${TIMER_PREFIX}${String(due_ms).padStart(13, '0')}:${person}`;
export const TIMER_PREFIX = 'segment-timer:';

export function parseTimerKey(key: string): { readonly due_ms: number; readonly person: string } {
  const [due = '', person = ''] = key.slice(TIMER_PREFIX.length).split(':');
  return { due_ms: Number(due), person };
}
