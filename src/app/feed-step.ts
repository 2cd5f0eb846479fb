/** A consumer of stored events beside the pipeline's rounds; see people-feed.ts for how its owner drives it. */
import type { TableRef } from '../kernel/sql.ts';
import type { Changes } from '../stores/online/port.ts';

export interface FeedRows {
  readonly into: TableRef;
  readonly lines: readonly string[];
}

/**
 * The owner adds batches in log order, then takes what they changed, inserts the rows, commits the online changes, and
 * says `committed()`; or `reset()` after a failure, and adds again from the last committed position. Rows must come
 * out the same the second time (keyed by a version or an id), and state must know what it has counted already.
 */
export interface FeedStep<Batch> {
  add(batch: Batch): Promise<void>;
  take(): Promise<{ readonly rows: readonly FeedRows[]; readonly online: Changes }>;
  committed(): void;
  reset(): void;
}
