import { systemClock } from '../../kernel/clock.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { openOnlineStore } from './open.ts';

/** Commits from eight callers until killed; reports `caller number` of each commit that was acknowledged. */
const [url = ''] = process.argv.slice(2);
const store = await openOnlineStore(url, { clock: systemClock, logger: silentLogger });
const callers = Array.from({ length: 8 }, async (_, caller) => {
  const before = (await store.get<number>(`last:${caller}`)) ?? 0;
  for (let i = before + 1; ; i++) {
    await store.commit({
      put: [
        { key: `last:${caller}`, value: i },
        { key: `item:${caller}:${i}`, value: { i } },
      ],
      add: [{ key: 'commits', by: 1 }],
      remove: [`item:${caller}:${i - 3}`],
    });
    process.stdout.write(`${caller} ${i}\n`);
  }
});
await Promise.all(callers);
