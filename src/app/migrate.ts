/** Applies the stages' migrations once each, in the order of the stages, and refuses a changed one. */
import type { Clock } from '../kernel/clock.ts';
import { digest } from '../kernel/ids.ts';
import { statements } from '../kernel/migration-files.ts';
import { sql, statement } from '../kernel/sql.ts';
import type { Migration } from '../kernel/stage.ts';
import type { ControlDb } from '../stores/control/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';

export async function migrate(
  stores: { readonly control: ControlDb; readonly warehouse: Warehouse },
  migrations: readonly Migration[],
  clock: Clock,
): Promise<string[]> {
  const { control, warehouse } = stores;
  await control.script(
    'CREATE TABLE IF NOT EXISTS migrations (id TEXT PRIMARY KEY, digest TEXT NOT NULL, applied_at TEXT NOT NULL)',
  );
  const rows = await control.all<{ id: string; digest: string }>(sql`SELECT id, digest FROM migrations`);
  const applied = new Map(rows.map((row) => [row.id, row.digest]));
  const done: string[] = [];
  for (const migration of migrations) {
    const mark = digest(migration.script);
    const before = applied.get(migration.id);
    if (before === mark) continue;
    if (before !== undefined)
      throw new Error(`migration ${migration.id} changed after it was applied: add a new one instead`);
    if (migration.store === 'control') await control.script(migration.script);
    // Warehouse statements are written to be repeatable (IF NOT EXISTS): a crash between them does no harm.
    else for (const each of statements(migration.script)) await warehouse.execute(statement(each));
    await control.run(
      sql`INSERT INTO migrations (id, digest, applied_at) VALUES (${migration.id}, ${mark}, ${new Date(clock.now_ms()).toISOString()})`,
    );
    done.push(migration.id);
  }
  return done;
}
