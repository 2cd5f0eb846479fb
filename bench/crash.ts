/**
 * Crash: load, SIGKILL at a random moment, start again, send what was not acknowledged once more (as clients do), and
 * count. An acknowledged event must be stored once, and the reconciliation must add up after every start.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EVENTS } from '../src/collect/contract.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import { createRng, type Rng } from '../src/kernel/rng.ts';
import { sql } from '../src/kernel/sql.ts';
import { openWarehouse } from '../src/stores/warehouse/open.ts';
import { type RunningPlumbline, startPlumbline } from '../test/start-plumbline.ts';
import { runLoad } from './http-load.ts';

export interface CrashResult {
  readonly cycles: number;
  /** Events that were answered 200. */
  readonly acked: number;
  readonly lost: number;
  readonly stored_twice: number;
  /** Cycles after which received was not the sum of the fates. */
  readonly unreconciled: number;
}

const BATCH = 20;
const CONNECTIONS = 8;
const LIFE_MS_MIN = 300;
const LIFE_MS_MAX = 3_000;
const SETTLE_TIMEOUT_MS = 60_000;

export async function crash(options: {
  readonly cycles: number;
  readonly seed: number;
}): Promise<CrashResult> {
  const dataDir = mkdtempSync(join(tmpdir(), 'plumbline-crash-'));
  const rng = createRng(options.seed);
  const acked = new Set<string>();
  let unreconciled = 0;
  let unanswered: string[][] = [];
  try {
    for (let cycle = 0; cycle < options.cycles; cycle++) {
      const server = await startPlumbline({ dataDir });
      if (cycle > 0 && !(await addsUp(server))) unreconciled += 1;
      unanswered = await loadAndKill(server, cycle, unanswered, acked, rng);
      process.stderr.write(
        `\rcycle ${cycle + 1} of ${options.cycles}, ${acked.size} acknowledged, ${unreconciled} unreconciled `,
      );
    }
    const server = await startPlumbline({ dataDir });
    if (!(await addsUp(server))) unreconciled += 1;
    await server.stop();
    process.stderr.write('\n');
    return { cycles: options.cycles, acked: acked.size, ...(await compare(dataDir, acked)), unreconciled };
  } finally {
    rmSync(dataDir, { recursive: true, force: true });
  }
}

/** Returns the batches whose answer never came. */
async function loadAndKill(
  server: RunningPlumbline,
  cycle: number,
  again: string[][],
  acked: Set<string>,
  rng: Rng,
): Promise<string[][]> {
  const { hostname, port } = new URL(server.url);
  const authorization = `Basic ${Buffer.from(`${await server.writeKey('crash')}:`).toString('base64')}`;
  const open = new Set<string[]>();
  const queue = [...again];
  let number = 0;
  const stop = new AbortController();
  setTimeout(
    () => void server.kill('SIGKILL').then(() => stop.abort()),
    LIFE_MS_MIN + rng.int(LIFE_MS_MAX - LIFE_MS_MIN),
  );
  // One run a connection, so that an answer is known to belong to the batch that connection sent last.
  await Promise.all(
    Array.from({ length: CONNECTIONS }, async () => {
      let sent: string[] = [];
      await runLoad(
        {
          host: hostname,
          port: Number(port),
          path: '/v1/batch',
          authorization,
          connections: 1,
          next: () => {
            sent = queue.pop() ?? Array.from({ length: BATCH }, () => `c${cycle}-${number++}`);
            open.add(sent);
            return { body: batchBody(sent), events: sent.length };
          },
          answered: (status) => {
            open.delete(sent);
            if (status === 200) for (const id of sent) acked.add(id);
            else queue.push(sent);
          },
        },
        stop.signal,
      );
    }),
  );
  return [...open, ...queue];
}

const batchBody = (ids: readonly string[]): string =>
  JSON.stringify({
    sentAt: new Date().toISOString(),
    batch: ids.map((messageId) => ({
      type: 'track',
      event: 'Product Viewed',
      messageId,
      anonymousId: `a${messageId.length}-${messageId.at(-1)}`,
      timestamp: new Date().toISOString(),
      properties: { product_id: messageId, price: 12.5 },
    })),
  });

interface ReconciliationAnswer {
  readonly totals: { readonly received: number; readonly pending: number; readonly difference: number };
}

/** Adds up at once, while events are still pending, and when all have their fate. */
async function addsUp(server: RunningPlumbline): Promise<boolean> {
  const deadline_ms = Date.now() + SETTLE_TIMEOUT_MS;
  for (;;) {
    const { totals } = await server.api<ReconciliationAnswer>('GET', '/api/reconciliation');
    if (totals.difference !== 0) {
      process.stderr.write(`\n${JSON.stringify(totals)}\n`);
      return false;
    }
    if (totals.pending === 0) return true;
    if (Date.now() > deadline_ms) throw new Error('events stayed pending');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Reads the store itself, with the program stopped. */
async function compare(
  dataDir: string,
  acked: ReadonlySet<string>,
): Promise<{ lost: number; stored_twice: number }> {
  const warehouse = await openWarehouse(`chdb:${join(dataDir, 'warehouse')}`, { logger: silentLogger });
  try {
    const rows = await warehouse.query<{ message_id: string; n: number }>(
      sql`SELECT message_id, count() AS n FROM ${EVENTS} WHERE startsWith(message_id, 'c') GROUP BY message_id`,
      { timeout_ms: 300_000 },
    );
    const stored = new Map(rows.map((row) => [row.message_id, row.n]));
    return {
      lost: [...acked].filter((id) => !stored.has(id)).length,
      stored_twice: rows.filter((row) => row.n > 1).length,
    };
  } finally {
    await warehouse.close();
  }
}
