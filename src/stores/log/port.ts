/**
 * The durable, ordered log between the collector and its consumers.
 *
 * A record is one line of text (no `\n`), at most 1 MiB. Positions are whole numbers that start at 1 and grow by one
 * for each record, without holes, also across restarts.
 */
export interface EventLog {
  /**
   * Appends the lines together, in order, and returns the position of the first. Resolved means on disk (fsync);
   * appends that arrive together share one commit. Rejects with `log_unavailable` when the commit fails (disk full,
   * broker away); then none of the lines is in the log, unless the process died before it could answer.
   */
  append(lines: readonly string[]): Promise<Position>;
  /** Records from `from` on, in order, at most `max_records` (at least one when there is one). Never past what is durable. */
  read(from: Position, options: { readonly max_records: number }): Promise<LogSlice>;
  /** The position that the next record will get: everything below it is durable. */
  end(): Position;
  /** The first position still kept. */
  start(): Position;
  /** Resolves when `end()` is past `position`, or at once when it is; also when `signal` aborts. */
  waitPast(position: Position, signal: AbortSignal): Promise<void>;
  /** Forgets records below `before`; may keep some of them longer. */
  trim(before: Position): Promise<void>;
  /** Commits a probe to disk; rejects with `log_unavailable` when the log cannot commit. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export type Position = number;

export interface LogSlice {
  /** Position of `lines[0]`. */
  readonly first: Position;
  readonly lines: readonly string[];
}
