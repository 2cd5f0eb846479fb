/**
 * Ingest, with a load generator in its own process:
 *   1. baseline: as fast as it is answered, to a server that parses and validates without storing;
 *   2. burst: the same to the real server with every consumer running: how fast it accepts. What the consumers do not
 *      reach meanwhile waits in the log and is drained afterwards;
 *   3. sustained: a fixed rate for the whole time: acknowledgement times, processing, lag, memory.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type RunningPlumbline, startPlumbline } from '../test/start-plumbline.ts';
import type { LoadProcessOptions, LoadProcessResult } from './load-process.ts';
import { watchMemory } from './memory.ts';

const run = promisify(execFile);
/** Browsers and servers are many: enough requests at a time that one disk commit serves many of them. */
const CONNECTIONS = 128;
const DRAIN_TIMEOUT_S = 120;

export interface IngestResult {
  /** Burst. */
  readonly accepted_per_s: number;
  readonly baseline_events_per_s: number;
  /** accepted_per_s over baseline_events_per_s. */
  readonly ratio: number;
  readonly burst_ack_p99_ms: number;
  /** Sustained, from here on. */
  readonly offered_per_s: number;
  readonly ack_p50_ms: number;
  readonly ack_p99_ms: number;
  /** Sustained events over the time from the first one sent until every consumer was done with the last. */
  readonly processed_per_s: number;
  /** Accepted and not yet through every consumer, at half time and at the end: no growing lag when they are alike. */
  readonly lag_events_half: number;
  readonly lag_events_end: number;
  readonly rss_mb_start: number;
  readonly rss_mb_end: number;
  /** Of those, the process's own pages, and pages of mapped files; the middle of the first and last ten seconds. Linux only. */
  readonly anon_mb_start?: number;
  readonly anon_mb_end?: number;
  readonly file_mb_start?: number;
  readonly file_mb_end?: number;
  readonly refused: number;
  readonly seconds: number;
}

interface HealthAnswer {
  readonly consumers: readonly { readonly lag_events: number }[];
  readonly process: { readonly rss_bytes: number };
}

export interface IngestOptions {
  /** Events in a request. */
  readonly batch: number;
  readonly seconds: number;
  /** The sustained rate. */
  readonly offered_per_s: number;
}

export async function ingest({ batch, seconds, offered_per_s }: IngestOptions): Promise<IngestResult> {
  const burst_s = Math.min(15, seconds);
  const baseline = await withServer({ PLUMBLINE_DRY_RUN: '1' }, async (server) => {
    await load(server, { batch, seconds: 3, seed: 1 });
    return load(server, { batch, seconds: burst_s, seed: 2 });
  });
  return withServer({}, async (server) => {
    // Warm: caches, compiled code, first merges. Memory is compared from here on.
    await load(server, { batch, seconds: Math.min(10, seconds), seed: 3 });
    await drain(server);
    const burst = await load(server, { batch, seconds: burst_s, seed: 4 });
    await drain(server);
    const before = await health(server);
    const started_ms = performance.now();
    const memory = watchMemory(server.pid);
    const half = delayed(seconds * 500, () => health(server));
    const sustained = await load(server, { batch, seconds, seed: 5, events_per_s: offered_per_s });
    const held = memory.stop();
    const after = await health(server);
    await drain(server);
    const done_s = (performance.now() - started_ms) / 1000;
    const accepted_per_s = burst.events / burst.seconds;
    const baseline_events_per_s = baseline.events / baseline.seconds;
    return {
      accepted_per_s: Math.round(accepted_per_s),
      baseline_events_per_s: Math.round(baseline_events_per_s),
      ratio: round(accepted_per_s / baseline_events_per_s),
      burst_ack_p99_ms: round(burst.ack_p99_ms),
      offered_per_s,
      ack_p50_ms: round(sustained.ack_p50_ms),
      ack_p99_ms: round(sustained.ack_p99_ms),
      processed_per_s: Math.round(sustained.events / done_s),
      lag_events_half: lagOf(await half),
      lag_events_end: lagOf(after),
      rss_mb_start: Math.round(before.process.rss_bytes / 2 ** 20),
      rss_mb_end: Math.round(after.process.rss_bytes / 2 ** 20),
      ...(held && {
        anon_mb_start: held.start.anon_mb,
        anon_mb_end: held.end.anon_mb,
        file_mb_start: held.start.file_mb,
        file_mb_end: held.end.file_mb,
      }),
      refused: burst.refused + sustained.refused,
      seconds,
    };
  });
}

/** Of the consumer that is furthest behind. */
const lagOf = (answer: HealthAnswer): number =>
  Math.max(...answer.consumers.map((consumer) => consumer.lag_events));

async function withServer<T>(
  env: Record<string, string>,
  work: (server: RunningPlumbline) => Promise<T>,
): Promise<T> {
  const server = await startPlumbline({ env });
  try {
    return await work(server);
  } finally {
    await server.stop();
  }
}

async function load(
  server: RunningPlumbline,
  wanted: Pick<LoadProcessOptions, 'batch' | 'seconds' | 'seed'> & { readonly events_per_s?: number },
): Promise<LoadProcessResult> {
  const write_key = await server.writeKey('load');
  const options: LoadProcessOptions = {
    url: server.url,
    write_key,
    connections: CONNECTIONS,
    events_per_s: 0,
    ...wanted,
  };
  const script = fileURLToPath(new URL('load-process.ts', import.meta.url));
  const { stdout } = await run(process.execPath, [script, JSON.stringify(options)], { maxBuffer: 1 << 20 });
  return JSON.parse(stdout) as LoadProcessResult;
}

const health = (server: RunningPlumbline): Promise<HealthAnswer> =>
  server.api<HealthAnswer>('GET', '/api/health');

async function drain(server: RunningPlumbline): Promise<void> {
  for (let s = 0; s < DRAIN_TIMEOUT_S * 4; s++) {
    if (lagOf(await health(server)) === 0) return;
    await delayed(250, async () => {});
  }
  throw new Error(`the consumers did not catch up within ${DRAIN_TIMEOUT_S} s`);
}

const delayed = <T>(ms: number, work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => setTimeout(() => work().then(resolve, reject), ms));

const round = (value: number): number => Math.round(value * 100) / 100;
