/** Runs the stages' jobs by the clock, each one run at a time. */
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';

export interface JobRunner {
  start(): void;
  /** Asks running jobs to end, and waits for them. */
  stop(): Promise<void>;
}

export function createJobRunner(jobs: readonly Job[], logger: Logger): JobRunner {
  const stopping = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const running = new Set<Promise<void>>();

  function schedule(job: Job): void {
    if (stopping.signal.aborted) return;
    const timer = setTimeout(() => {
      timers.delete(timer);
      const run: Promise<void> = job
        .run({ signal: stopping.signal })
        .catch((error: unknown) =>
          logger.error(
            { job: job.name, error: error instanceof Error ? error.message : 'unknown' },
            'a job failed and will run again',
          ),
        )
        .finally(() => {
          running.delete(run);
          schedule(job);
        });
      running.add(run);
    }, job.every_ms);
    timer.unref();
    timers.add(timer);
  }

  return {
    start: () => jobs.forEach(schedule),
    async stop() {
      stopping.abort();
      for (const timer of timers) clearTimeout(timer);
      await Promise.all(running);
    },
  };
}
