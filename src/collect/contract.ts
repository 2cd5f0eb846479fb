/** What later stages may know of collect: the event, its fates, and the tables that hold them. */
import { table } from '../kernel/sql.ts';

export { isPlaceholder, type StandingId, standingId } from './normalise/standing-id.ts';

/** Stored events, one row each. Owner: collect. Migration: collect/migrations/warehouse/001-events.sql. */
export const EVENTS = table('events');
/** Events that were received and deliberately not stored: deduplicated and filtered. */
export const DISCARDED = table('discarded_events');
/** Events set aside with their payload. Rows never change; RESOLUTIONS says which are no longer open. */
export const QUARANTINE = table('quarantined_events');
export const RESOLUTIONS = table('quarantine_resolutions');

/** Rows of files that people import come from this source. It has no keys: nobody else can send in its name. */
export const IMPORT_SOURCE_ID = 'import';

export const EVENT_TYPES = ['track', 'page', 'screen', 'identify', 'group', 'alias'] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** Every received event has exactly one of these. */
export const FATES = ['stored', 'deduplicated', 'filtered', 'quarantined', 'pending'] as const;
export type Fate = (typeof FATES)[number];

/** Why an event is in quarantine. The list is documented in docs/reference/quarantine-reasons.md. */
export const QUARANTINE_REASONS = [
  'schema_violation', // the tracking plan's schema for this event does not hold
  'unknown_event', // the source allows planned events only
  'missing_identity', // neither userId nor anonymousId
  'missing_event_name', // a track call without `event`
  'unknown_type', // not one of EVENT_TYPES
  'invalid_field', // a known field has the wrong type or length
  'invalid_timestamp', // a date that cannot be read, or an impossible one
  'event_too_large', // above the limit for one event
  'invalid_item', // a batch item that is not an object
] as const;
export type QuarantineReason = (typeof QUARANTINE_REASONS)[number];

export const FILTER_REASONS = ['sampled_out', 'discarded_by_steward', 'event_filtered'] as const;
export type FilterReason = (typeof FILTER_REASONS)[number];

/**
 * One line of the log. Its keys are the columns of `events`, so that the sink can hand the line on as it is;
 * nested JSON is text. Empty text stands for absent. Dates are ISO 8601, UTC, milliseconds.
 */
export interface LoggedEvent {
  /** `replay`: a repaired quarantined event on its way back; `discard`: a steward gave a quarantined event up. */
  readonly kind: 'event' | 'replay' | 'discard';
  readonly verdict: 'accepted' | 'filtered' | 'quarantined';
  readonly source_id: string;
  readonly message_id: string;
  readonly type: EventType | '';
  /** Name of a track call; of a page or screen where given. */
  readonly event: string;
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly previous_id: string;
  readonly group_id: string;
  /** When it happened, corrected for the client's clock. */
  readonly timestamp: string;
  /** What the client said, uncorrected; empty when it said nothing. */
  readonly original_timestamp: string;
  readonly sent_at: string;
  readonly received_at: string;
  readonly properties: string;
  readonly traits: string;
  readonly context: string;
  readonly integrations: string;
  /** Truncated by default: /24 for IPv4, /48 for IPv6. */
  readonly ip: string;
  readonly user_agent: string;
  /** Name and version of the sending library, `analytics-node/3.1.0`. */
  readonly library: string;
  /** 1 when a bot is suspected; then reason and source say why. */
  readonly bot: 0 | 1;
  readonly bot_reason: string;
  readonly bot_source: '' | 'user-agent' | 'crawler-list' | 'data-centre' | 'rate';
  /** `name@version` of the tracking plan's event that it was checked against; empty when none. */
  readonly plan: string;
  /** JSON array of {path, rule, message, action}: violations that were allowed or stripped; `[]` when none. */
  readonly violations: string;
  /** Why it was filtered or quarantined; empty when accepted. */
  readonly reason: QuarantineReason | FilterReason | '';
  readonly detail: string;
  /** Where, as a JSON path: `properties.price`. */
  readonly path: string;
  /** Quarantined only: the event as it arrived, JSON. Empty otherwise. */
  readonly payload: string;
  /** Position of the quarantined record that a replay or discard resolves; 0 otherwise. */
  readonly origin: number;
  /** Replay and discard only: when the steward decided. */
  readonly resolved_at?: string;
}

/**
 * Rows imported in bulk did not pass the log. Their positions start here, above every position of a log, and are
 * committed by the watermark at IMPORTED_KEY in the same transaction as their counters.
 */
export const IMPORT_BASE = 2 ** 52;
export const IMPORTED_KEY = 'import:watermark';

/** A row of `events`: the logged line and where it stands in the log (from IMPORT_BASE on for imported history). */
export interface EventRow
  extends Omit<LoggedEvent, 'kind' | 'verdict' | 'reason' | 'detail' | 'path' | 'payload' | 'resolved_at'> {
  readonly position: number;
}

/**
 * An event that Plumbline records itself, as `Segment Entered`. It goes through the log like any other, from the source
 * `plumbline`; the message id makes it once only.
 */
export interface SystemEvent {
  readonly message_id: string;
  readonly event: string;
  /** One of the two is set. */
  readonly user_id: string;
  readonly anonymous_id: string;
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/** A row of a file, as an event; it goes through the log like any other, from the source `import`. */
export interface ImportedEvent {
  /** Made from the import and the row: the same row has the same id. */
  readonly message_id: string;
  readonly type: 'identify' | 'track' | 'group';
  readonly event: string;
  /** One of the two is set. */
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly group_id: string;
  /** ISO 8601 UTC. */
  readonly timestamp: string;
  readonly traits: Readonly<Record<string, unknown>>;
  readonly properties: Readonly<Record<string, unknown>>;
  readonly context: Readonly<Record<string, unknown>>;
}

/** Resolved means durable. An event whose message id was there before is deduplicated like every other. */
export type AppendImported = (events: readonly ImportedEvent[]) => Promise<void>;

/** Resolved means that the events are durable in the log. */
export type EmitEvents = (events: readonly SystemEvent[]) => Promise<void>;
