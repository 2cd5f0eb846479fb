import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { empty, type Sql, sql, type TableRef, table } from '../../kernel/sql.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { MatchingServices } from './operations.ts';
import { readList } from './read-list.ts';
import { MATCH_RECORDS } from './records.sql.ts';
import type { MatchList } from './shapes.ts';

const MATCH_LISTS: TableRef = table('match_lists');
const INSERT_ROWS = 50_000;
const REJECTS_SHOWN = 1_000;
const SAMPLE = 5;

interface ListRow {
  readonly name: string;
  readonly columns: string;
  readonly identifier_type: string;
  readonly uploaded_at: string;
  readonly uploaded_by: string;
}

export interface Lists {
  readonly services: MatchingServices['lists'];
  /** Refuses with `not_ready` when the list was never uploaded. */
  sourceOf(list: string): Promise<{ list: string; identifier_type: string }>;
}

export function createLists(deps: {
  readonly warehouse: Warehouse;
  readonly control: ControlDb;
  readonly clock: Clock;
}): Lists {
  const { warehouse, control, clock } = deps;
  const rowOf = (name: string) =>
    control.one<ListRow>(sql`SELECT * FROM ${MATCH_LISTS} WHERE name = ${name}`);

  const newest = async (list: string): Promise<number> => {
    const query = sql`SELECT max(version) AS version FROM ${MATCH_RECORDS} WHERE list = ${list}`;
    return (await warehouse.query<{ version: number }>(query))[0]?.version ?? 0;
  };
  const counts = async (where: Sql): Promise<Map<string, number>> => {
    const rows = await warehouse.query<{ list: string; records: number }>(
      sql`SELECT list, count() AS records FROM ${MATCH_RECORDS} FINAL ${where} GROUP BY list`,
    );
    return new Map(rows.map((row) => [row.list, row.records]));
  };
  const shown = (row: ListRow, records: number): MatchList => ({
    ...row,
    columns: JSON.parse(row.columns) as string[],
    records,
  });

  const upload: MatchingServices['lists']['upload'] = async (input, actor) => {
    const { columns, records, rejects } = readList(input.text, input);
    const before = await rowOf(input.name);
    const answer = {
      list: null,
      columns: [...columns],
      accepted: records.length,
      rejected: rejects.length,
      rejects: rejects.slice(0, REJECTS_SHOWN),
      sample: records.slice(0, SAMPLE).map(({ id, fields }) => ({ record_id: id, fields: { ...fields } })),
    };
    if (input.dry_run) return answer;
    if (records.length === 0)
      throw new AppError('invalid_input', {
        message: `No record can be used: ${rejects[0]?.detail ?? 'the file is empty.'}`,
        field: 'text',
      });
    const version = Math.max(clock.now_ms(), (await newest(input.name)) + 1);
    for (let from = 0; from < records.length; from += INSERT_ROWS)
      await warehouse.insert(
        MATCH_RECORDS,
        records
          .slice(from, from + INSERT_ROWS)
          .map(({ id, fields }) => JSON.stringify({ list: input.name, record_id: id, fields, version })),
      );
    // The new ones first: whoever reads meanwhile sees too much rather than too little.
    if (!input.append)
      await warehouse.execute(
        sql`ALTER TABLE ${MATCH_RECORDS} DELETE WHERE list = ${input.name} AND version < ${version}`,
      );
    const kept = input.append && before !== undefined ? (JSON.parse(before.columns) as string[]) : [];
    const names = [...new Set([...kept, ...columns.map((c) => c.stored_as).filter((name) => name !== '')])];
    const row: ListRow = {
      name: input.name,
      columns: JSON.stringify(names),
      identifier_type: input.identifier_type,
      uploaded_at: new Date(clock.now_ms()).toISOString(),
      uploaded_by: actor.name,
    };
    await control.run(sql`
      INSERT INTO ${MATCH_LISTS} (name, columns, identifier_type, uploaded_at, uploaded_by)
      VALUES (${row.name}, ${row.columns}, ${row.identifier_type}, ${row.uploaded_at}, ${row.uploaded_by})
      ON CONFLICT (name) DO UPDATE SET columns = excluded.columns, identifier_type = excluded.identifier_type,
        uploaded_at = excluded.uploaded_at, uploaded_by = excluded.uploaded_by`);
    const records_now = (await counts(sql`WHERE list = ${row.name}`)).get(row.name) ?? 0;
    return { ...answer, list: shown(row, records_now) };
  };

  return {
    services: {
      async all() {
        const records = await counts(empty);
        const rows = await control.all<ListRow>(sql`SELECT * FROM ${MATCH_LISTS} ORDER BY name`);
        return rows.map((row) => shown(row, records.get(row.name) ?? 0));
      },
      upload,
      async remove(name) {
        if ((await control.run(sql`DELETE FROM ${MATCH_LISTS} WHERE name = ${name}`)) === 0)
          throw new AppError('not_found', { message: `There is no list ${name}.`, field: 'name' });
        await warehouse.execute(sql`ALTER TABLE ${MATCH_RECORDS} DELETE WHERE list = ${name}`);
      },
    },
    async sourceOf(list) {
      const row = await rowOf(list);
      if (row === undefined)
        throw new AppError('not_ready', { message: `Upload the list ${list} first.`, field: 'rules' });
      return { list, identifier_type: row.identifier_type };
    },
  };
}
