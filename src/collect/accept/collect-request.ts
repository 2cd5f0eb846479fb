import type { EventType, QuarantineReason } from '../contract.ts';

/** One request on any wire, as the edge read it. */
export interface CollectRequest {
  /** Name of the wire, for counting. */
  readonly wire: string;
  /** What the path says that the body is. */
  readonly call: EventType | 'batch' | 'webhook';
  readonly format: 'json' | 'csv' | 'ndjson' | 'query';
  /** Decompressed; empty for `query`. */
  readonly body: Buffer;
  readonly query: Readonly<Record<string, string>>;
  /** The Authorization header; empty when there is none. */
  readonly authorization: string;
  /** From the query, on the wires that allow it; else empty. */
  readonly write_key: string;
  readonly ip: string;
  readonly user_agent: string;
  /** `Sec-GPC: 1` was sent. */
  readonly gpc: boolean;
  /** The SentAt header of RudderStack's browser client; empty when there is none. */
  readonly sent_at: string;
  /** A webhook's own id of this delivery, the same at every try; empty when there is none. */
  readonly delivery_id: string;
}

export interface CollectAnswer {
  readonly source_id: string;
  readonly received: number;
  readonly accepted: number;
  readonly filtered: number;
  readonly quarantined: number;
  /** Log position of the first record; 0 in a dry run. */
  readonly position: number;
  /** What was quarantined and why, the first hundred. */
  readonly problems: readonly ItemProblem[];
}

export interface ItemProblem {
  /** Place in the batch, from 0; or the line of the file, from 1. */
  readonly at: number;
  readonly reason: QuarantineReason;
  readonly path: string;
  readonly detail: string;
}
