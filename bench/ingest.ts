/**
 * Ingest: a load generator in its own process sends as fast as it is answered, first to a server that parses and
 * validates without storing (the baseline), then to the real one with every consumer running.
 */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { type RunningPlumbline, startPlumbline } from '../test/start-plumbline.ts';
import type { LoadProcessOptions, LoadProcessResult } from './load-process.ts';

const run = promisify(execFile);
const CONNECTIONS = 24;
const DRAIN_TIMEOUT_S = 120;

export interface IngestResult {
  readonly accepted_per_s: number;
  readonly ack_p50_ms: number;
  readonly ack_p99_ms: number;
  readonly baseline_events_per_s: number;
  readonly ratio: number;
  readonly processed_per_s: number;
  /** Accepted and not yet through every consumer when the load ends. */
  readonly lag_events_end: number;
  /** The same at half time: no growing lag means that the end is not far above it. */
  readonly lag_events_half: number;
  readonly rss_mb_start: number;
  readonly rss_mb_end: number;
  readonly refused: number;
  readonly seconds: number;
}

interface HealthAnswer {
  readonly log: { readonly end: number };
  readonly consumers: readonly { readonly position: number; readonly lag_events: number }[];
  readonly process: { readonly rss_bytes: number };
}

export async function ingest(options: {
  readonly batch: number;
  readonly seconds: number;
}): Promise<IngestResult> {
  const baseline = await withServer({ PLUMBLINE_DRY_RUN: '1' }, async (server) => {
    await load(server, options.batch, 3, 1);
    return load(server, options.batch, Math.min(15, options.seconds), 2);
  });
  return withServer({}, async (server) => {
    // Warm: caches, compiled code, first merges. Memory is compared from here on.
    await load(server, options.batch, Math.min(10, options.seconds), 3);
    await drain(server);
    const before = await health(server);
    const half = delayed(options.seconds * 500, () => health(server));
    const measured = await load(server, options.batch, options.seconds, 4);
    const after = await health(server);
    const lag_half = (await half).consumers[0]?.lag_events ?? 0;
    await drain(server);
    const baseline_events_per_s = baseline.events / baseline.seconds;
    const accepted_per_s = measured.events / measured.seconds;
    const processed = (after.consumers[0]?.position ?? 0) - (before.consumers[0]?.position ?? 0);
    return {
      accepted_per_s: Math.round(accepted_per_s),
      ack_p50_ms: round(measured.ack_p50_ms),
      ack_p99_ms: round(measured.ack_p99_ms),
      baseline_events_per_s: Math.round(baseline_events_per_s),
      ratio: round(accepted_per_s / baseline_events_per_s),
      processed_per_s: Math.round(processed / measured.seconds),
      lag_events_end: after.consumers[0]?.lag_events ?? 0,
      lag_events_half: lag_half,
      rss_mb_start: Math.round(before.process.rss_bytes / 2 ** 20),
      rss_mb_end: Math.round(after.process.rss_bytes / 2 ** 20),
      refused: measured.refused,
      seconds: options.seconds,
    };
  });
}

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
  batch: number,
  seconds: number,
  seed: number,
): Promise<LoadProcessResult> {
  const options: LoadProcessOptions = {
    url: server.url,
    write_key: await server.writeKey('load'),
    seconds,
    connections: CONNECTIONS,
    batch,
    seed,
  };
  const script = fileURLToPath(new URL('load-process.ts', import.meta.url));
  const { stdout } = await run(process.execPath, [script, JSON.stringify(options)], { maxBuffer: 1 << 20 });
  return JSON.parse(stdout) as LoadProcessResult;
}

const health = (server: RunningPlumbline): Promise<HealthAnswer> =>
  server.api<HealthAnswer>('GET', '/api/health');

async function drain(server: RunningPlumbline): Promise<void> {
  for (let s = 0; s < DRAIN_TIMEOUT_S * 4; s++) {
    if (((await health(server)).consumers[0]?.lag_events ?? 0) === 0) return;
    await delayed(250, async () => {});
  }
  throw new Error(`the consumers did not catch up within ${DRAIN_TIMEOUT_S} s`);
}

const delayed = <T>(ms: number, work: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => setTimeout(() => work().then(resolve, reject), ms));

const round = (value: number): number => Math.round(value * 100) / 100;
