/** Runs that are over when `start` resolves, for tests. */
import type { Run, Runs } from '../govern/contract.ts';

export interface DoneRuns extends Runs {
  readonly started: Run[];
  /** Progress as it was told. */
  readonly told: string[];
}

/** `cancel_at`: what a run says it is doing when somebody cancels it. */
export function runsAtOnce(cancel_at?: string): DoneRuns {
  const stop = new AbortController();
  const { signal } = stop;
  const started: Run[] = [];
  const told: string[] = [];
  return {
    started,
    told,
    async start(kind, subject, actor, work) {
      const base = { id: `run${started.length}`, kind, subject, progress: 1, doing: '', actor_id: actor.id };
      const times = { started_at: '2026-11-22T10:00:00.000Z', ended_at: '2026-11-22T10:00:01.000Z' };
      const run: Run = await work({
        signal,
        progress: (_, what) => {
          told.push(what);
          if (what === cancel_at) stop.abort();
        },
      }).then(
        (result): Run => ({ ...base, ...times, state: 'done', result, error: '' }),
        (error: Error): Run => ({ ...base, ...times, state: 'failed', result: null, error: error.message }),
      );
      started.push(run);
      return run;
    },
  };
}
