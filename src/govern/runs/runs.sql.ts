import { type Sql, sql, table } from '../../kernel/sql.ts';
import type { Run } from '../contract.ts';

const RUNS = table('runs');

/** A row of `runs`: a `Run` whose result is JSON text. */
export type RunRow = Omit<Run, 'result'> & { readonly result: string };

export const insertRun = (run: Run): Sql => sql`
  INSERT INTO ${RUNS} (id, kind, subject, state, progress, doing, actor_id, started_at)
  VALUES (${run.id}, ${run.kind}, ${run.subject}, ${run.state}, ${run.progress}, ${run.doing}, ${run.actor_id}, ${run.started_at})`;

export const endRun = (run: Run): Sql => sql`
  UPDATE ${RUNS} SET state = ${run.state}, progress = ${run.progress}, doing = ${run.doing},
    ended_at = ${run.ended_at ?? ''}, result = ${JSON.stringify(run.result)}, error = ${run.error}
  WHERE id = ${run.id}`;

/** Runs that a stop of the program cut off. */
export const failUnfinished = (at: string, error: string): Sql => sql`
  UPDATE ${RUNS} SET state = 'failed', ended_at = ${at}, error = ${error} WHERE state = 'running'`;

export const runById = (id: string): Sql => sql`SELECT * FROM ${RUNS} WHERE id = ${id}`;

/** Newest first. */
export function runsOf(ask: { kind: string | undefined; subject: string | undefined; limit: number }): Sql {
  const kind = ask.kind === undefined ? sql`` : sql`AND kind = ${ask.kind}`;
  const subject = ask.subject === undefined ? sql`` : sql`AND subject = ${ask.subject}`;
  return sql`SELECT * FROM ${RUNS} WHERE 1 = 1 ${kind} ${subject} ORDER BY started_at DESC, id LIMIT ${ask.limit}`;
}
