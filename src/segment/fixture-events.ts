/** Events of people in an embedded warehouse with the tables that discovery and validation use, for tests. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVENTS } from '../collect/contract.ts';
import { tablesOf } from '../kernel/fixture-tables.ts';
import { key64 } from '../kernel/ids.ts';
import { silentLogger } from '../kernel/logger.ts';
import { sql, statement } from '../kernel/sql.ts';
import type { PersonSql } from '../resolve/contract.ts';
import { openWarehouse } from '../stores/warehouse/open.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';

/** Everybody is their own node. */
export const PEOPLE: PersonSql = {
  join: sql``,
  person: sql`node`,
  moved: sql`SELECT toUInt64(0) AS node, toUInt64(0) AS person WHERE false`,
};

export interface StoredEvent {
  readonly user: string;
  readonly at: string;
  readonly event: string;
  readonly type?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly source_id?: string;
  readonly bot?: 0 | 1;
}

/** 16 hex digits of the person that a user id makes. */
export const personOf = (user: string): string => key64(`user_id:${user}`);

export async function openEvents(): Promise<{
  readonly warehouse: Warehouse;
  store(events: readonly StoredEvent[]): Promise<void>;
  clear(): Promise<void>;
  close(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'segment-'));
  const warehouse = await openWarehouse(`chdb:${folder}`, { logger: silentLogger });
  for (const table of tablesOf('collect', 'segment')) await warehouse.execute(table);
  let position = 0;
  return {
    warehouse,
    store: (events) =>
      warehouse.insert(
        EVENTS,
        events.map(({ user, at, properties = {}, ...rest }) => {
          position += 1;
          return JSON.stringify({
            position,
            message_id: `m${position}`,
            source_id: 'shop',
            type: 'track',
            user_id: user,
            timestamp: at,
            received_at: at,
            traits: '{}',
            context: '{}',
            bot: 0,
            ...rest,
            properties: JSON.stringify(properties),
          });
        }),
      ),
    clear: () => warehouse.execute(statement('TRUNCATE TABLE events')),
    close: async () => {
      await warehouse.close();
      rmSync(folder, { recursive: true });
    },
  };
}
