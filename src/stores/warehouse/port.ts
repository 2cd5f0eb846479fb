import type { Sql, TableRef } from '../../kernel/sql.ts';

/**
 * Events and everything computed from them. One SQL dialect, ClickHouse's, embedded or on a cluster.
 *
 * Values: 64-bit whole numbers come back as numbers (positions and counts stay below 2^53); `DateTime64(3)` comes
 * back as `2026-11-22T10:00:00.000Z` (UTC). Dates are accepted in the same form.
 */
export interface Warehouse {
  /** Runs a read and returns every row. Refuses with `store_unavailable` after `timeout_ms` (30,000 by default), having stopped the query. */
  query<Row>(query: Sql, options?: QueryOptions): Promise<Row[]>;
  /**
   * Inserts rows, each one line of JSON; unknown keys are ignored, missing columns take their default. Resolved means
   * on disk (fsync). One call is atomic for one partition. With the same `token` a second call changes nothing.
   * Rows are visible to every query that starts afterwards.
   */
  insert(into: TableRef, lines: readonly string[], options?: { readonly token?: string }): Promise<void>;
  /** Runs a statement that returns nothing: DDL and mutations. Resolved means done, also for mutations. */
  execute(statement: Sql): Promise<void>;
  /** Resolves when a trivial query answers, else rejects. */
  ping(): Promise<void>;
  /** Stops running queries, waits for inserts in flight, and frees the folder. A second call does nothing. */
  close(): Promise<void>;
}

export interface QueryOptions {
  readonly timeout_ms?: number;
}

export { statementProblem } from './warehouse-error.ts';
