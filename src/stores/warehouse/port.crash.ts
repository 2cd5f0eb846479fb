import { silentLogger } from '../../kernel/logger.ts';
import { table } from '../../kernel/sql.ts';
import { openWarehouse } from './open.ts';

/** Inserts batches of ten rows from two callers until killed; reports the token of each that was acknowledged. */
const [url = '', round = ''] = process.argv.slice(2);
const warehouse = await openWarehouse(url, { logger: silentLogger });
const callers = [1, 2].map(async (caller) => {
  for (let i = 0; ; i++) {
    const token = `${round}-${caller}-${i}`;
    const lines = Array.from({ length: 10 }, (_, k) => JSON.stringify({ id: `${token}-${k}`, batch: token }));
    await warehouse.insert(table('things'), lines, { token });
    process.stdout.write(`${token}\n`);
  }
});
await Promise.all(callers);
