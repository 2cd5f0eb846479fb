/** A warehouse with collect's tables in a temporary folder, and rows for it, for tests. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { tablesOf } from '../../kernel/fixture-tables.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { openWarehouse } from '../../stores/warehouse/open.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { EventRow } from '../contract.ts';

export async function openFixtureWarehouse(): Promise<{
  readonly warehouse: Warehouse;
  close(): Promise<void>;
}> {
  const folder = mkdtempSync(join(tmpdir(), 'collect-'));
  const warehouse = await openWarehouse(`chdb:${folder}`, { logger: silentLogger });
  for (const table of tablesOf('collect')) await warehouse.execute(table);
  return {
    warehouse,
    close: async () => {
      await warehouse.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** A line for `events`: a plain track event but for what is given. */
export function eventLine(
  row: Partial<Omit<EventRow, 'properties' | 'traits' | 'violations'>> & EventParts,
): string {
  const { properties = {}, traits = {}, violations = [], ...given } = row;
  const base: Partial<EventRow> = {
    source_id: 'src_shop',
    type: 'track',
    event: 'Order Completed',
    user_id: 'u1',
    timestamp: given.received_at ?? '2026-11-22T10:00:00.000Z',
    plan: '',
    origin: 0,
    ...given,
    properties: JSON.stringify(properties),
    traits: JSON.stringify(traits),
    violations: JSON.stringify(violations),
  };
  return JSON.stringify(base);
}

interface EventParts {
  readonly position: number;
  readonly message_id: string;
  readonly received_at: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly traits?: Readonly<Record<string, unknown>>;
  readonly violations?: readonly unknown[];
}
