/** Entered and exited as rows, and as events that go through the log. */
import type { SystemEvent } from '../../collect/contract.ts';
import { key64, type PersonId } from '../../kernel/ids.ts';
import type { Identifier } from '../../resolve/contract.ts';
import type { SegmentChange } from '../contract.ts';

/** UInt64 as JSON takes it: digits in text. */
export const digitsOf = (hex: string): string => BigInt(`0x${hex}`).toString();

/** A segment as its changes tell of it. */
export interface NamedSegment {
  readonly name: string;
  readonly version: number;
  readonly label: string;
}

export interface Change extends SegmentChange {
  readonly label: string;
}

/** `nth` counts the person's changes, so that the same one has the same id after a crash as before. */
export function changeOf(input: {
  readonly segment: NamedSegment;
  readonly person: PersonId;
  readonly what: SegmentChange['what'];
  readonly cause: SegmentChange['cause'];
  readonly now_ms: number;
  readonly nth: number;
}): Change {
  const { segment, person, what, cause, now_ms, nth } = input;
  return {
    change_id: key64(`${segment.name}\n${person}\n${what}\n${nth}`),
    segment: segment.name,
    segment_version: segment.version,
    person,
    what,
    at: new Date(now_ms).toISOString(),
    cause,
    label: segment.label,
  };
}

export const changeLine = ({ label: _, ...change }: Change): string =>
  JSON.stringify({ ...change, change_id: digitsOf(change.change_id), person: digitsOf(change.person) });

export const memberLine = (
  change: Pick<Change, 'segment' | 'person' | 'what' | 'at'>,
  version: number,
): string =>
  JSON.stringify({
    segment: change.segment,
    person: digitsOf(change.person),
    since: change.at,
    member: change.what === 'entered' ? 1 : 0,
    version,
  });

/** Undefined when the person has neither a user id nor an anonymous id that an event could stand at. */
export function changeEvent(change: Change, identifiers: readonly Identifier[]): SystemEvent | undefined {
  const user = identifiers.find(({ type }) => type === 'user_id');
  const device = identifiers.find(({ type }) => type === 'anonymous_id');
  if (user === undefined && device === undefined) return undefined;
  const { change_id, segment, segment_version, person, cause, label } = change;
  return {
    message_id: change_id,
    event: change.what === 'entered' ? 'Segment Entered' : 'Segment Exited',
    user_id: user?.value ?? '',
    anonymous_id: user === undefined ? (device?.value ?? '') : '',
    timestamp: change.at,
    properties: { segment, segment_label: label, segment_version, person, cause },
  };
}

export const OUTBOX_PREFIX = 'segment-outbox:';
export const outboxKey = (change_id: string): string => `${OUTBOX_PREFIX}${change_id}`;
