/** What the collector takes. docs/reference/collect-api.md names the same numbers. */
export interface CollectLimits {
  /** Of a body after decompression. RudderStack's is the same; Segment's clients stay far below. */
  readonly body_bytes_max: number;
  readonly batch_items_max: number;
  readonly depth_max: number;
  /** Of one event; above it the event is quarantined whole. */
  readonly event_bytes_max: number;
  /** Of one record of the event log, which sets it (stores/log/port.ts). */
  readonly record_bytes_max: number;
  /** Of all records that one request makes: a large batch-level context is repeated on every event. */
  readonly request_records_chars_max: number;
}

export const DEFAULT_LIMITS: CollectLimits = {
  body_bytes_max: 4_000 * 1_024,
  batch_items_max: 2_500,
  depth_max: 64,
  event_bytes_max: 512_000,
  record_bytes_max: 1_048_576,
  request_records_chars_max: 32 * 1_048_576,
};
