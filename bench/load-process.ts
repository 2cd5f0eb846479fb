/** The load generator's own process: `node bench/load-process.ts '<json of LoadProcessOptions>'`; prints one JSON line. */
import { createLoad } from '../simulate/load.ts';
import { quantile, runLoad } from './http-load.ts';

export interface LoadProcessOptions {
  readonly url: string;
  readonly write_key: string;
  readonly seconds: number;
  readonly connections: number;
  /** Events in a request; 1 sends single events as browsers do. */
  readonly batch: number;
  readonly seed: number;
  /** 0: as fast as they are answered. */
  readonly events_per_s: number;
}

export interface LoadProcessResult {
  readonly events: number;
  readonly refused: number;
  readonly seconds: number;
  readonly ack_p50_ms: number;
  readonly ack_p99_ms: number;
}

const options = JSON.parse(process.argv[2] ?? '{}') as LoadProcessOptions;
const { hostname, port } = new URL(options.url);
const load = createLoad({ seed: options.seed, people: 50_000 });
const stop = new AbortController();
const started_ms = performance.now();
setTimeout(() => stop.abort(), options.seconds * 1000);

const result = await runLoad(
  {
    host: hostname,
    port: Number(port),
    path: options.batch === 1 ? '/v1/t' : '/v1/batch',
    authorization: `Basic ${Buffer.from(`${options.write_key}:`).toString('base64')}`,
    connections: options.connections,
    ...(options.events_per_s > 0 && { requests_per_s: options.events_per_s / options.batch }),
    next: () => ({
      body: options.batch === 1 ? load.single() : load.batch(options.batch),
      events: options.batch,
    }),
  },
  stop.signal,
);
const summary: LoadProcessResult = {
  events: result.events,
  refused: result.refused,
  seconds: (performance.now() - started_ms) / 1000,
  ack_p50_ms: quantile(result.latencies_ms, 0.5),
  ack_p99_ms: quantile(result.latencies_ms, 0.99),
};
process.stdout.write(`${JSON.stringify(summary)}\n`);
