/** The record of replays and discards in the control database. */
import { sql } from '../../kernel/sql.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import type { RepairRule } from './repair-rule.ts';

export interface QuarantineRun {
  readonly id: string;
  readonly kind: 'replay' | 'discard';
  readonly group_id: string;
  readonly source_id: string;
  readonly event: string;
  readonly reason: string;
  readonly rules: readonly RepairRule[];
  /** `interrupted`: the process ended before the run; start it again, nothing is done twice. */
  readonly status: 'running' | 'finished' | 'failed' | 'interrupted';
  readonly total: number;
  readonly done: number;
  /** Sent back into the pipeline, or discarded. */
  readonly replayed: number;
  /** Still against the plan, and so still open. */
  readonly failed: number;
  readonly actor_id: string;
  readonly started_at: string;
  readonly finished_at: string | null;
}

type Row = Omit<QuarantineRun, 'rules'> & { readonly rules: string };

export function createQuarantineRuns(control: ControlDb) {
  const parse = (row: Row): QuarantineRun => ({ ...row, rules: JSON.parse(row.rules) as RepairRule[] });
  return {
    async add(run: QuarantineRun): Promise<void> {
      await control.run(sql`INSERT INTO quarantine_runs
        (id, kind, group_id, source_id, event, reason, rules, status, total, done, replayed, failed, actor_id, started_at, finished_at)
        VALUES (${run.id}, ${run.kind}, ${run.group_id}, ${run.source_id}, ${run.event}, ${run.reason}, ${JSON.stringify(run.rules)},
          ${run.status}, ${run.total}, ${run.done}, ${run.replayed}, ${run.failed}, ${run.actor_id}, ${run.started_at}, NULL)`);
    },
    async update(run: QuarantineRun): Promise<void> {
      await control.run(sql`UPDATE quarantine_runs SET status = ${run.status}, done = ${run.done}, replayed = ${run.replayed},
        failed = ${run.failed}, finished_at = ${run.finished_at ?? ''} WHERE id = ${run.id}`);
    },
    async list(): Promise<QuarantineRun[]> {
      return (
        await control.all<Row>(sql`SELECT * FROM quarantine_runs ORDER BY started_at DESC LIMIT 100`)
      ).map(parse);
    },
    async get(id: string): Promise<QuarantineRun | undefined> {
      const row = await control.one<Row>(sql`SELECT * FROM quarantine_runs WHERE id = ${id}`);
      return row && parse(row);
    },
    /** At start: whatever still says running belonged to a process that is gone. */
    async interruptRunning(): Promise<void> {
      await control.run(sql`UPDATE quarantine_runs SET status = 'interrupted' WHERE status = 'running'`);
    },
  };
}

export type QuarantineRuns = ReturnType<typeof createQuarantineRuns>;
