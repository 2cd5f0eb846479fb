import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import type { Run, RunHandle, Runs } from '../contract.ts';
import { endRun, failUnfinished, insertRun, type RunRow, runById, runsOf } from './runs.sql.ts';

export interface RunService extends Runs {
  /** Newest first; those at work with their progress of this moment. */
  list(ask: {
    readonly kind: string | undefined;
    readonly subject: string | undefined;
    readonly limit: number;
  }): Promise<Run[]>;
  show(id: string): Promise<Run>;
  /** Asks a running one to end; resolves when it has. */
  cancel(id: string): Promise<Run>;
  /** After the migrations: whatever still says `running` was cut off. */
  recover(): Promise<void>;
  /** Asks all to end, and waits. */
  stop(): Promise<void>;
}

interface Active {
  run: Run;
  readonly abort: AbortController;
  readonly done: Promise<void>;
}

type Deps = { readonly control: ControlDb; readonly clock: Clock; readonly logger: Logger };

export function createRuns({ control, clock, logger }: Deps): RunService {
  const active = new Map<string, Active>();
  let stopped = false;
  const now = () => new Date(clock.now_ms()).toISOString();

  const start: Runs['start'] = async (kind, subject, actor, work) => {
    if (stopped) throw new AppError('not_ready', { message: 'Plumbline is stopping.' });
    for (const { run } of active.values()) {
      if (run.kind !== kind || run.subject !== subject) continue;
      throw new AppError('conflict', {
        message: `This is at work already (run ${run.id}): wait for it to end, or cancel it.`,
      });
    }
    const run: Run = {
      id: newId('run'),
      kind,
      subject,
      state: 'running',
      progress: 0,
      doing: 'Starting',
      actor_id: actor.id,
      started_at: now(),
      ended_at: null,
      result: null,
      error: '',
    };
    const abort = new AbortController();
    const begun = Promise.withResolvers<void>();
    const entry: Active = { run, abort, done: begun.promise.then(() => carryOut(entry, work)) };
    active.set(run.id, entry);
    try {
      await control.run(insertRun(run));
    } catch (error) {
      active.delete(run.id);
      throw error;
    }
    begun.resolve();
    return run;
  };

  async function carryOut(entry: Active, work: (handle: RunHandle) => Promise<unknown>): Promise<void> {
    const { signal } = entry.abort;
    const handle: RunHandle = {
      signal,
      progress: (share, doing) => {
        entry.run = { ...entry.run, progress: Math.min(1, Math.max(0, share)), doing };
      },
    };
    try {
      const result = (await work(handle)) ?? null;
      entry.run = signal.aborted
        ? { ...entry.run, state: 'cancelled', result }
        : { ...entry.run, state: 'done', progress: 1, result };
    } catch (error) {
      const refusal = error instanceof AppError ? error.details.message : undefined;
      if (!signal.aborted && refusal === undefined) {
        const stack = error instanceof Error ? error.stack : String(error);
        logger.error({ run: entry.run.id, kind: entry.run.kind, stack }, 'a run failed: a bug');
      }
      const said = refusal ?? `It failed inside; the server's log says more under ${entry.run.id}.`;
      entry.run = { ...entry.run, state: signal.aborted ? 'cancelled' : 'failed', error: said };
    }
    entry.run = { ...entry.run, ended_at: now() };
    await control
      .run(endRun(entry.run))
      .catch((error: unknown) =>
        logger.error({ run: entry.run.id, error: String(error) }, 'the end of a run could not be written'),
      );
    active.delete(entry.run.id);
  }

  const fromRow = (row: RunRow): Run =>
    active.get(row.id)?.run ?? { ...row, result: JSON.parse(row.result) as unknown };

  async function show(id: string): Promise<Run> {
    const row = await control.one<RunRow>(runById(id));
    if (row === undefined)
      throw new AppError('not_found', { field: 'id', message: 'There is no run with this id.' });
    return fromRow(row);
  }

  return {
    start,
    show,
    list: async (ask) => (await control.all<RunRow>(runsOf(ask))).map(fromRow),
    async cancel(id) {
      const entry = active.get(id);
      if (entry === undefined) return show(id);
      entry.abort.abort();
      await entry.done;
      return entry.run;
    },
    recover: async () => {
      await control.run(failUnfinished(now(), 'The program stopped before it ended. Start it again.'));
    },
    async stop() {
      stopped = true;
      for (const { abort } of active.values()) abort.abort();
      await Promise.all([...active.values()].map(({ done }) => done));
    },
  };
}
