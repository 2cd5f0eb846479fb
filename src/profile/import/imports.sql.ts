import { join, type Sql, sql, table } from '../../kernel/sql.ts';
import type { RowProblem } from './map-row.ts';

const IMPORTS = table('imports');
const REJECTS = table('import_rejects');

export interface ImportRecord {
  readonly id: string;
  readonly name: string;
  /** `ImportPlan`, JSON. */
  readonly plan: string;
  readonly file: string;
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly rows: number;
  readonly accepted: number;
  readonly rejected: number;
  /** In the reject file, and beyond what it holds. */
  readonly problems_kept: number;
  readonly problems_left_out: number;
  readonly progress: number;
  readonly created_at: string;
  readonly created_by: string;
  readonly ended_at: string | null;
  readonly error: string;
}

export const insertImport = (one: ImportRecord): Sql => sql`
  INSERT INTO ${IMPORTS} (id, name, plan, file, state, rows, accepted, rejected, progress, created_at, created_by, ended_at, error)
  VALUES (${one.id}, ${one.name}, ${one.plan}, ${one.file}, ${one.state}, 0, 0, 0, 0, ${one.created_at}, ${one.created_by}, NULL, '')`;

export const oneImport = (id: string): Sql => sql`SELECT * FROM ${IMPORTS} WHERE id = ${id}`;
export const newestImports = (limit: number): Sql =>
  sql`SELECT * FROM ${IMPORTS} ORDER BY created_at DESC, id LIMIT ${limit}`;

export const setProgress = (
  id: string,
  done: Pick<
    ImportRecord,
    'rows' | 'accepted' | 'rejected' | 'problems_kept' | 'problems_left_out' | 'progress'
  >,
): Sql => sql`
  UPDATE ${IMPORTS} SET rows = ${done.rows}, accepted = ${done.accepted}, rejected = ${done.rejected},
    problems_kept = ${done.problems_kept}, problems_left_out = ${done.problems_left_out}, progress = ${done.progress}
  WHERE id = ${id}`;

export const setState = (
  id: string,
  state: ImportRecord['state'],
  ended_at: string | null,
  error: string,
): Sql =>
  ended_at === null
    ? sql`UPDATE ${IMPORTS} SET state = ${state}, ended_at = NULL, error = ${error} WHERE id = ${id}`
    : sql`UPDATE ${IMPORTS} SET state = ${state}, ended_at = ${ended_at}, error = ${error} WHERE id = ${id}`;

/** Rows of one statement: a statement of SQLite takes 32,766 values. */
export const REJECTS_A_STATEMENT = 1_000;

export const insertRejects = (import_id: string, some: readonly RowProblem[]): Sql => sql`
  INSERT INTO ${REJECTS} (import_id, row_number, column_name, rule, message, value_type) VALUES ${join(
    some.map(
      (one) => sql`(${import_id}, ${one.row}, ${one.column}, ${one.rule}, ${one.message}, ${one.value_type})`,
    ),
    ', ',
  )}`;

export const rejectsAfter = (import_id: string, row: number, limit: number): Sql => sql`
  SELECT row_number AS row, column_name AS "column", rule, message, value_type FROM ${REJECTS}
  WHERE import_id = ${import_id} AND row_number > ${row} ORDER BY row_number, column_name, rule LIMIT ${limit}`;
