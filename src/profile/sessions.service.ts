import type { Warehouse } from '../stores/warehouse/port.ts';
import type { SessionRow } from './contract.ts';
import type { CompiledRules } from './sessions/session-rules.ts';
import { countLive, listSessions, type SummaryRow, summariseSessions } from './sessions/sessions.sql.ts';

/** Questions to the sessions in the warehouse. */
export interface SessionQueries {
  list(ask: { person: string | undefined; from_ms: number; limit: number }): Promise<SessionRow[]>;
  /** Hours of start from `from_ms` on that have sessions, in order. */
  summary(from_ms: number): Promise<SummaryRow[]>;
  /** How many sessions of people may still go on. */
  live(now_ms: number): Promise<number>;
}

export function createSessionQueries(warehouse: Warehouse, rules: () => CompiledRules): SessionQueries {
  return {
    list: (ask) => warehouse.query<SessionRow>(listSessions(ask)),
    summary: (from_ms) => warehouse.query<SummaryRow>(summariseSessions(from_ms)),
    async live(now_ms) {
      const [row] = await warehouse.query<{ live: number }>(countLive(now_ms, rules().gap_ms));
      return row?.live ?? 0;
    },
  };
}
