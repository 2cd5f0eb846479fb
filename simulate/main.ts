/** `node simulate/main.ts --out DIR [--people N] [--days N] [--seed N] [--start YYYY-MM-DD] [--history]` */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { DAY_MS } from '../src/kernel/clock.ts';
import { history } from './history.ts';
import { dayText } from './iso-time.ts';
import { createMarket, type Market } from './market.ts';
import { writeMarketFiles } from './market-files.ts';
import { createRun } from './run.ts';

const HELP = `Writes a simulated shop's tables and its truth.

  --out DIR          where to (made when missing); required
  --people N         20000
  --days N           90
  --seed N           7; the same seed and start give the same bytes
  --start YYYY-MM-DD first day; so that the history ends yesterday when not said
  --history          also history.ndjson, one delivery a line (about 1 kB each)
`;

const { values } = parseArgs({
  options: {
    out: { type: 'string' },
    people: { type: 'string', default: '20000' },
    days: { type: 'string', default: '90' },
    seed: { type: 'string', default: '7' },
    start: { type: 'string' },
    history: { type: 'boolean', default: false },
    help: { type: 'boolean', default: false },
  },
});

if (values.help || values.out === undefined) {
  process.stdout.write(HELP);
  process.exitCode = values.help ? 0 : 2;
} else {
  const days = Number(values.days);
  const start_day = values.start ?? dayText((Math.floor(Date.now() / DAY_MS) - days) * DAY_MS);
  await write(
    createMarket({ seed: Number(values.seed), people: Number(values.people), days, start_day }),
    values.out,
    values.history,
  );
}

async function write(market: Market, dir: string, with_history: boolean): Promise<void> {
  await mkdir(dir, { recursive: true });
  const run = createRun(market);
  const out = with_history ? createWriteStream(join(dir, 'history.ndjson')) : undefined;
  let events = 0;
  for await (const { items, progress } of history(market, { run })) {
    events += items.length;
    process.stderr.write(`\r${Math.round(progress * 100)} % ${events} events `);
    if (out !== undefined && !out.write(items.map((item) => `${JSON.stringify(item)}\n`).join('')))
      await once(out, 'drain');
  }
  process.stderr.write('\n');
  out?.end();
  if (out !== undefined) await once(out, 'finish');
  for (const path of await writeMarketFiles(market, dir, run)) process.stdout.write(`${path}\n`);
}
