/**
 * Decides the fate of each logged event, exactly once and in log order. Pure: the same log and the same known keys
 * give the same rows, so a batch that runs again after a crash changes nothing.
 */

import { hourStart } from '../../kernel/clock.ts';
import { digest } from '../../kernel/ids.ts';
import type { LoggedEvent } from '../contract.ts';

export interface LogRecord {
  readonly position: number;
  /** The line of the log, a JSON object. */
  readonly line: string;
  readonly event: LoggedEvent;
}

/** What the online store keeps for a message id: where it first stood, and when it was received (ms). */
export type FirstSeen = readonly [position: number, received_at_ms: number];

export interface Settled {
  /** Lines for EVENTS, DISCARDED, QUARANTINE, RESOLUTIONS. */
  readonly events: PositionedLine[];
  readonly discarded: PositionedLine[];
  readonly quarantined: PositionedLine[];
  readonly resolutions: PositionedLine[];
  /** The records behind `events`, for the steps that follow. */
  readonly stored: LogRecord[];
  /** Message keys to remember, with what to remember. */
  readonly seen: Map<string, FirstSeen>;
  /** Positions that enter quarantine, and those that leave it. */
  readonly opened: Set<number>;
  readonly closed: Set<number>;
  /** Received events by `receivedKey()`. */
  readonly received: Map<string, number>;
}

export interface PositionedLine {
  readonly position: number;
  readonly line: string;
}

export interface KnownBefore {
  /** First sightings in the online store, by `messageKey()`. */
  readonly seen: ReadonlyMap<string, FirstSeen>;
  /** Which of the batch's `origin` positions are open quarantine entries. */
  readonly open: ReadonlySet<number>;
}

/** Online key of a message id of a source. Exact for ids up to 400 bytes, a SHA-256 of longer ones. */
export const messageKey = (source_id: string, message_id: string): string =>
  message_id.length <= 100 ? `seen:${source_id}:${message_id}` : `seen:${source_id}:#${digest(message_id)}`;

export const quarantineKey = (position: number): string => `quarantine:${position}`;

/** Online key of the counter of events received in an hour (ISO, UTC) from a source. */
export const receivedKey = (hour: string, source_id: string): string => `received:${hour}:${source_id}`;

export const hourOf = (iso: string): string => new Date(hourStart(Date.parse(iso))).toISOString();

/** Settles `records`, which stand in log order. `window_ms` is how long a message id is remembered. */
export function settle(records: readonly LogRecord[], known: KnownBefore, window_ms: number): Settled {
  const out: Settled = {
    events: [],
    discarded: [],
    quarantined: [],
    resolutions: [],
    stored: [],
    seen: new Map(),
    opened: new Set(),
    closed: new Set(),
    received: new Map(),
  };
  const hours = hourCache();
  for (const record of records) {
    if (record.event.kind !== 'event') settleResolution(record, known, out);
    else settleArrival(record, known, window_ms, out, hours);
  }
  return out;
}

function settleArrival(
  record: LogRecord,
  known: KnownBefore,
  window_ms: number,
  out: Settled,
  hours: (iso: string) => string,
): void {
  const { event, position, line } = record;
  const counter = receivedKey(hours(event.received_at), event.source_id);
  out.received.set(counter, (out.received.get(counter) ?? 0) + 1);

  const key = messageKey(event.source_id, event.message_id);
  const first = out.seen.get(key) ?? known.seen.get(key);
  const received_at_ms = Date.parse(event.received_at);
  if (first !== undefined && received_at_ms - first[1] < window_ms) {
    out.discarded.push({ position, line: discardedLine(record, 'deduplicated', 'message_id_seen', first) });
    return;
  }
  out.seen.set(key, [position, received_at_ms]);
  if (event.verdict === 'filtered') {
    out.discarded.push({ position, line: discardedLine(record, 'filtered', event.reason, undefined) });
  } else if (event.verdict === 'quarantined') {
    out.opened.add(position);
    out.quarantined.push({ position, line: withPosition(position, line) });
  } else {
    out.stored.push(record);
    out.events.push({ position, line: withPosition(position, line) });
  }
}

/** A replay or a discard takes effect once: only while its origin is open. */
function settleResolution(record: LogRecord, known: KnownBefore, out: Settled): void {
  const { event, position, line } = record;
  const open =
    (known.open.has(event.origin) || out.opened.has(event.origin)) && !out.closed.has(event.origin);
  if (!open) return;
  out.closed.add(event.origin);
  const resolution = event.kind === 'replay' ? 'replayed' : 'discarded';
  out.resolutions.push({ position, line: resolutionLine(record, resolution) });
  if (event.kind === 'replay') {
    out.stored.push(record);
    out.events.push({ position, line: withPosition(position, line) });
  }
}

/** The logged line is already a row of the warehouse; only its place in the log is missing. */
const withPosition = (position: number, line: string): string => `{"position":${position},${line.slice(1)}`;

function discardedLine(
  { event, position }: LogRecord,
  fate: 'deduplicated' | 'filtered',
  reason: string,
  first: FirstSeen | undefined,
): string {
  return JSON.stringify({
    position,
    source_id: event.source_id,
    message_id: event.message_id,
    type: event.type,
    event: event.event,
    received_at: event.received_at,
    fate,
    reason,
    detail: fate === 'deduplicated' ? 'The same source sent this message id before.' : event.detail,
    of_position: first?.[0] ?? 0,
    of_received_at: first ? new Date(first[1]).toISOString() : '',
  });
}

const resolutionLine = ({ event, position }: LogRecord, resolution: 'replayed' | 'discarded'): string =>
  JSON.stringify({
    position,
    origin: event.origin,
    source_id: event.source_id,
    message_id: event.message_id,
    received_at: event.received_at,
    resolution,
    resolved_at: event.resolved_at ?? event.received_at,
  });

/** A batch holds few distinct hours; parsing the first 13 characters once each is enough. */
function hourCache(): (iso: string) => string {
  const cache = new Map<string, string>();
  return (iso) => {
    const prefix = iso.slice(0, 13);
    let hour = cache.get(prefix);
    if (hour === undefined) {
      hour = hourOf(iso);
      cache.set(prefix, hour);
    }
    return hour;
  };
}
