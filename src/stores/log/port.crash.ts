import { silentLogger } from '../../kernel/logger.ts';
import { openEventLog } from './open.ts';

/** Appends from eight callers until killed; reports `position line` of each append that was acknowledged. */
const [url = '', name = ''] = process.argv.slice(2);
const log = await openEventLog(url, { logger: silentLogger });
const callers = Array.from({ length: 8 }, async (_, caller) => {
  for (let i = 0; ; i++) {
    const line = `${name}-${caller}-${i}`;
    const first = await log.append([line, `${line}+`]);
    process.stdout.write(`${first} ${line}\n`);
  }
});
await Promise.all(callers);
