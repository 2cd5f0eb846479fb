/** What later stages may know of profile: sessions. */
import { table } from '../kernel/sql.ts';

/** One row a session and version; the newest version counts (ReplacingMergeTree on `version`), unless `removed`. */
export const SESSIONS = table('sessions');

export interface SessionRow {
  readonly session_id: string;
  readonly person_id: string;
  /** ISO 8601 UTC, milliseconds. */
  readonly started_at: string;
  readonly ended_at: string;
  readonly events: number;
  readonly pages: number;
  /** Campaign that opened it, `source/medium/campaign`; empty when none. */
  readonly campaign: string;
  readonly entry_path: string;
  readonly exit_path: string;
  readonly referrer: string;
  readonly bot: 0 | 1;
  /** 1 when it passed the limits of length or count and is kept apart. */
  readonly runaway: 0 | 1;
  /** How often a late event opened it again. */
  readonly reopened: number;
  /** 1 when merged into another session, and so no longer there. */
  readonly removed: 0 | 1;
  /** Log position of the last event that changed it. */
  readonly version: number;
}
