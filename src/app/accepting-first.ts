import { pause } from './pause.ts';

/** With this many collection requests read and not yet answered, work behind the log makes room. */
const BUSY_REQUESTS = 48;
const REST_MS = 10;
/** A rest is at most this many times as long as the work before it, so that the backlog moves under any load. */
const RESTS_MAX = 6;

/** Rests after `worked_ms` of work while accepting is busy: a backlog is safe in the log, a request that waits is not. */
export async function restWhileBusy(
  waiting_requests: () => number,
  worked_ms: number,
  signal: AbortSignal,
): Promise<void> {
  for (let rested_ms = 0; rested_ms < worked_ms * RESTS_MAX; rested_ms += REST_MS) {
    if (waiting_requests() < BUSY_REQUESTS || signal.aborted) return;
    await pause(REST_MS, signal);
  }
}
