import type { Sql } from '../../kernel/sql.ts';

/**
 * Definitions, releases, sources, users, requests, audit: little data, strict transactions. SQL keeps to the subset
 * that SQLite and PostgreSQL share. Booleans are stored as 0 and 1, dates as ISO text, JSON as text.
 */
export interface ControlReader {
  all<Row>(query: Sql): Promise<Row[]>;
  /** The first row, or undefined. */
  one<Row>(query: Sql): Promise<Row | undefined>;
}

export interface ControlTransaction extends ControlReader {
  /** Returns how many rows changed. */
  run(statement: Sql): Promise<number>;
}

export interface ControlDb extends ControlTransaction {
  /** Serialisable; committed (fsync) when resolved, rolled back when `work` rejects. Transactions queue; do not nest. */
  transaction<T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T>;
  /** Runs a migration: several statements separated by semicolons, in one transaction. */
  script(text: string): Promise<void>;
  ping(): Promise<void>;
  close(): Promise<void>;
}
