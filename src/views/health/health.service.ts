/** How the parts are: checks with a sentence each, the consumers' lag, rates, memory and disk. */
import { statfs } from 'node:fs/promises';
import type { Clock } from '../../kernel/clock.ts';
import type { EventLog, Position } from '../../stores/log/port.ts';
import { createRateHistory, type RatePoint, type Totals } from './rate-history.ts';

export interface Check {
  readonly name: string;
  /** Resolves with a sentence when well, rejects with what is wrong. */
  run(): Promise<string>;
  /** Without it nothing can be accepted: then the whole is `failing` and `/readyz` says no. */
  readonly essential: boolean;
}

export interface CheckResult {
  readonly name: string;
  readonly ok: boolean;
  readonly detail: string;
}

export interface Health {
  readonly status: 'ok' | 'degraded' | 'failing';
  readonly checks: readonly CheckResult[];
  readonly log: { readonly start: Position; readonly end: Position };
  readonly consumers: readonly {
    readonly name: string;
    readonly position: Position;
    readonly lag_events: number;
    readonly lag_s: number;
  }[];
  readonly rates: {
    readonly accepted_per_s_1m: number;
    readonly processed_per_s_1m: number;
    readonly refused_per_s_1m: number;
  };
  readonly disk: { readonly free_bytes: number };
  readonly process: { readonly rss_bytes: number; readonly uptime_s: number; readonly version: string };
  readonly history: readonly RatePoint[];
}

export interface Consumer {
  readonly name: string;
  /** Everything below is done and durable. */
  position(): Position;
  /** When it last got further, ms. */
  last_ms(): number;
}

const CHECK_TIMEOUT_MS = 5_000;
const DISK_LOW_BYTES = 1 << 30;

export function createHealthService(deps: {
  readonly log: EventLog;
  readonly checks: readonly Check[];
  /** Those who read the log, the pipeline first. */
  readonly consumers: readonly Consumer[];
  /** What keeps the pipeline from going on. */
  readonly problem: () => string | undefined;
  readonly totals: () => Totals;
  readonly clock: Clock;
  readonly data_dir: string;
  readonly version: string;
}) {
  const { log, checks, consumers, totals, clock, data_dir, version } = deps;
  const started_ms = clock.now_ms();
  const history = createRateHistory();
  const lagOf = (consumer: Consumer | undefined) =>
    consumer === undefined ? 0 : Math.max(0, log.end() - consumer.position());

  return {
    observe: () => history.observe(clock.now_ms(), totals(), lagOf(consumers[0])),

    async show(): Promise<Health> {
      const results = await Promise.all(checks.map(runCheck));
      const failing = results.some((result, i) => !result.ok && checks[i]?.essential === true);
      const disk = await statfs(data_dir);
      const free_bytes = disk.bavail * disk.bsize;
      const problem = deps.problem();
      const all = [
        ...results,
        { name: 'pipeline', ok: problem === undefined, detail: problem ?? 'Events get their fate.' },
        {
          name: 'disk',
          ok: free_bytes > DISK_LOW_BYTES,
          detail: `${(free_bytes / 2 ** 30).toFixed(1)} GiB free.`,
        },
      ];
      return {
        status: failing ? 'failing' : all.every((check) => check.ok) ? 'ok' : 'degraded',
        checks: all,
        log: { start: log.start(), end: log.end() },
        consumers: consumers.map((consumer) => {
          const lag_events = lagOf(consumer);
          const lag_s = lag_events === 0 ? 0 : (clock.now_ms() - consumer.last_ms()) / 1000;
          return { name: consumer.name, position: consumer.position(), lag_events, lag_s };
        }),
        rates: history.rates(),
        disk: { free_bytes },
        process: {
          rss_bytes: process.memoryUsage.rss(),
          uptime_s: Math.round((clock.now_ms() - started_ms) / 1000),
          version,
        },
        history: history.points(),
      };
    },
  };
}

export type HealthService = ReturnType<typeof createHealthService>;

async function runCheck(check: Check): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`No answer within ${CHECK_TIMEOUT_MS / 1000} s.`)),
      CHECK_TIMEOUT_MS,
    );
  });
  try {
    return { name: check.name, ok: true, detail: await Promise.race([check.run(), late]) };
  } catch (error) {
    return { name: check.name, ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
