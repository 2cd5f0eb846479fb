import { silentLogger } from '../../kernel/logger.ts';
import { sql, table } from '../../kernel/sql.ts';
import { openControlDb } from './open.ts';

/** Commits two rows at a time until killed; reports the number of each transaction that was acknowledged. */
const [url = '', round = ''] = process.argv.slice(2);
const db = await openControlDb(url, { logger: silentLogger });
const pairs = table('pairs');
for (let i = 0; ; i++) {
  const id = `${round}-${i}`;
  await db.transaction(async (tx) => {
    await tx.run(sql`INSERT INTO ${pairs} (id, half) VALUES (${id}, ${1})`);
    await tx.run(sql`INSERT INTO ${pairs} (id, half) VALUES (${id}, ${2})`);
  });
  process.stdout.write(`${id}\n`);
}
