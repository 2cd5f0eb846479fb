import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tablesOf } from '../../kernel/fixture-tables.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { sql } from '../../kernel/sql.ts';
import { openControlDb } from '../../stores/control/open.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import { openWarehouse } from '../../stores/warehouse/open.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { PersonSql } from '../contract.ts';
import type { Scratch } from './prepare.sql.ts';
import { MATCH_RECORDS } from './records.sql.ts';
import { type MatchingRules, MatchingRulesBody } from './rules.ts';

/** Nobody was ever merged: the person of an event is where it stands. */
export const UNMERGED: PersonSql = {
  join: sql``,
  person: sql`node`,
  moved: sql`SELECT toUInt64(0) AS node, toUInt64(0) AS person WHERE 0`,
};

export interface Stores {
  readonly warehouse: Warehouse;
  readonly control: ControlDb;
  /** Stores records of a list as an upload does. */
  fill(
    list: string,
    rows: readonly { id: string; fields: Readonly<Record<string, string>> }[],
  ): Promise<void>;
  close(): Promise<void>;
}

export async function openStores(): Promise<Stores> {
  const folder = mkdtempSync(join(tmpdir(), 'matching-'));
  const warehouse = await openWarehouse(`chdb:${join(folder, 'warehouse')}`, { logger: silentLogger });
  const control = await openControlDb(`sqlite:${join(folder, 'control.db')}`, { logger: silentLogger });
  for (const table of tablesOf('collect', 'resolve')) await warehouse.execute(table);
  await control.script(scriptOf('../migrations/control/010-matching.sql'));
  return {
    warehouse,
    control,
    fill: (list, rows) =>
      warehouse.insert(
        MATCH_RECORDS,
        rows.map(({ id, fields }) => JSON.stringify({ list, record_id: id, fields, version: 1 })),
      ),
    async close() {
      await warehouse.close();
      await control.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const scriptOf = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');

export const rulesOf = (body: unknown): MatchingRules => MatchingRulesBody.parse(body);

/** Ids of the records by their number. */
export const recordIds = async (warehouse: Warehouse, { records }: Scratch): Promise<string[]> =>
  (await warehouse.query<{ record_id: string }>(sql`SELECT record_id FROM ${records} ORDER BY n`)).map(
    (r) => r.record_id,
  );
