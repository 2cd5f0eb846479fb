/** The whole program in this process, on embedded stores in a temporary folder, without HTTP. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ask, createAsk } from '../src/app/ask.ts';
import { type App, compose } from '../src/app/compose.ts';
import { type Config, readConfig } from '../src/app/config.ts';
import { openStores, type Stores } from '../src/app/stores.ts';
import type { CollectRequest } from '../src/collect/accept/collect-request.ts';
import type { Source } from '../src/collect/sources/source.ts';
import { type FixedClock, fixedClock } from '../src/kernel/clock.ts';
import { silentLogger } from '../src/kernel/logger.ts';
import type { OperationContext } from '../src/kernel/operation.ts';

export interface Here {
  readonly app: App;
  readonly stores: Stores;
  readonly config: Config;
  readonly clock: FixedClock;
  /** Asks an operation, as an administrator. */
  readonly ask: Ask;
  /** A source to send with; made on the first call. */
  source(name?: string): Promise<Source>;
  /** Collects wire events as one batch of that source. */
  send(source: Source, batch: readonly object[]): Promise<void>;
  /** Runs the pipeline until the log has no event without a fate. */
  settle(): Promise<void>;
  /** The same, and until the stages that follow people have caught up, with what waits for repair. Moves the clock. */
  follow(): Promise<void>;
  /** Closes the stores; the folder stays for another start. */
  close(): Promise<void>;
  remove(): Promise<void>;
}

export const NOW = '2026-11-22T10:00:00.000Z';

/** `wrap` may put something between the program and its stores, as a fault. */
export async function composeHere(
  options: { readonly data?: string; readonly wrap?: (stores: Stores) => Stores } = {},
): Promise<Here> {
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'plumbline-here-'));
  const config = readConfig({}, { data });
  const clock = fixedClock(NOW);
  const own = await openStores(config, { clock, logger: silentLogger, threaded: false });
  const stores = options.wrap ? options.wrap(own) : own;
  const app = await compose(config, stores, { clock, logger: silentLogger, version: 'test' });
  await app.start();
  let running = false;
  const settle = async () => {
    if (!running) await app.pipeline.start();
    running = true;
    while (app.pipeline.position() < own.log.end()) await pause(20);
  };
  const close = async () => {
    await app.stop();
    await own.close();
  };
  return {
    app,
    stores,
    config,
    clock,
    ask: createAsk(app.operations, ADMIN),
    close,
    async source(name = 'Website') {
      return (
        app.collect.sources.list().find((each) => each.name === name) ??
        app.collect.sources.create({ name, type: 'server' })
      );
    },
    async send(source, batch) {
      await app.collect.collector.accept(batchRequest(source, batch, new Date(clock.now_ms()).toISOString()));
    },
    settle,
    async follow() {
      await settle();
      const written_ms = app.pipeline.people_last_ms();
      app.pipeline.nudge();
      // What is counted is written a second later; Plumbline's own events about it take the same way.
      while (app.pipeline.people_last_ms() === written_ms || app.pipeline.people_position() < own.log.end()) {
        clock.advance(1_500);
        await pause(20);
        await settle();
      }
      for (const job of app.jobs) if (FOLLOWING.has(job.name)) await job.run({ signal: NEVER });
    },
    async remove() {
      await close();
      rmSync(data, { recursive: true, force: true });
    },
  };
}

const ADMIN: OperationContext = {
  actor: { id: 'u1', name: 'Ada', kind: 'user', roles: ['admin'] },
  request_id: 'r1',
};

/** Jobs that finish what the stream had to leave for later. */
const FOLLOWING = new Set(['profile.repair-sessions', 'profile.count-computed-traits']);
const NEVER = new AbortController().signal;

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const batchRequest = (source: Source, batch: readonly object[], sentAt: string): CollectRequest => ({
  wire: 'segment',
  call: 'batch',
  format: 'json',
  body: Buffer.from(JSON.stringify({ batch, sentAt })),
  query: {},
  authorization: '',
  write_key: source.keys[0]?.write_key ?? '',
  ip: '203.0.113.7',
  user_agent: 'test/1',
  gpc: false,
  sent_at: '',
  delivery_id: '',
});
