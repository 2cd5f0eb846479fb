/** Groups, preview, replay and discard of quarantined events. */

import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Actor } from '../../kernel/operation.ts';
import type { EventLog } from '../../stores/log/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { LoggedEvent } from '../contract.ts';
import { type GroupRow, openCount, openEntries, openGroups, type QuarantineRow } from './quarantine.sql.ts';
import type { QuarantineRun, QuarantineRuns } from './quarantine-runs.service.ts';
import { type RepairRule, repair } from './repair-rule.ts';

/** Takes a payload through the same steps as a fresh request, with the facts of its first arrival. */
export type Reprocess = (
  payload: unknown,
  facts: Pick<
    QuarantineRow,
    'source_id' | 'message_id' | 'received_at' | 'sent_at' | 'ip' | 'user_agent' | 'library'
  >,
) => LoggedEvent;

export interface PreviewSample {
  readonly position: number;
  readonly message_id: string;
  readonly before: unknown;
  readonly after: unknown;
  readonly changed: boolean;
  readonly outcome: 'accepted' | 'quarantined';
  readonly reason: string;
  readonly detail: string;
  readonly path: string;
}

const PAGE = 500;

export function createQuarantineService(deps: {
  readonly warehouse: Warehouse;
  readonly log: EventLog;
  readonly runs: QuarantineRuns;
  readonly reprocess: Reprocess;
  readonly clock: Clock;
  readonly logger: Logger;
}) {
  const { warehouse, log, runs, reprocess, clock, logger } = deps;
  const active = new Map<string, QuarantineRun>();
  const working = new Set<Promise<void>>();
  let stopping = false;

  const groups = (): Promise<GroupRow[]> => warehouse.query<GroupRow>(openGroups());

  /** Undefined once its last event was replayed or discarded: the state every repair ends in, no refusal. */
  async function group(group_id: string): Promise<GroupRow | undefined> {
    const [found] = await warehouse.query<GroupRow>(openGroups(group_id));
    return found;
  }

  const entries = (group_id: string, limit: number, after = 0): Promise<QuarantineRow[]> =>
    warehouse.query<QuarantineRow>(openEntries(group_id, after, limit));

  function tryRepair(
    row: QuarantineRow,
    rules: readonly RepairRule[],
  ): { before: unknown; after: unknown; event: LoggedEvent } {
    const before: unknown = JSON.parse(row.payload);
    const after = repair(before, rules);
    return { before, after, event: reprocess(after, row) };
  }

  async function preview(group_id: string, rules: readonly RepairRule[], limit: number) {
    const rows = await entries(group_id, limit);
    const samples = rows.map((row): PreviewSample => {
      const { before, after, event } = tryRepair(row, rules);
      const outcome = event.verdict === 'quarantined' ? 'quarantined' : 'accepted';
      return {
        position: row.position,
        message_id: row.message_id,
        before,
        after,
        changed: JSON.stringify(before) !== JSON.stringify(after),
        outcome,
        reason: event.reason,
        detail: event.detail,
        path: event.path,
      };
    });
    const would_pass = samples.filter((sample) => sample.outcome === 'accepted').length;
    return { samples, tried: samples.length, would_pass, would_fail: samples.length - would_pass };
  }

  async function begin(
    kind: QuarantineRun['kind'],
    group_id: string,
    rules: readonly RepairRule[],
    actor: Actor,
  ): Promise<QuarantineRun> {
    if ([...active.values()].some((run) => run.group_id === group_id)) {
      throw new AppError('conflict', {
        field: 'group_id',
        message: 'This group is being worked on already: wait for the run to end.',
      });
    }
    const about = await group(group_id);
    if (about === undefined) {
      throw new AppError('not_found', {
        field: 'group_id',
        message: 'No open quarantined events in this group: they were replayed or discarded.',
      });
    }
    const [count] = await warehouse.query<{ open: number }>(openCount(group_id));
    const run: QuarantineRun = {
      id: newId('run'),
      kind,
      group_id,
      rules,
      status: 'running',
      source_id: about.source_id,
      event: about.event,
      reason: about.reason,
      total: count?.open ?? 0,
      done: 0,
      replayed: 0,
      failed: 0,
      actor_id: actor.id,
      started_at: new Date(clock.now_ms()).toISOString(),
      finished_at: null,
    };
    await runs.add(run);
    active.set(run.id, run);
    const task = work(run)
      .catch((error: unknown) => finish({ ...(active.get(run.id) ?? run), status: 'failed' }, error))
      .finally(() => working.delete(task));
    working.add(task);
    return run;
  }

  async function work(run: QuarantineRun): Promise<void> {
    let current = run;
    let after = 0;
    for (;;) {
      if (stopping) return finish({ ...current, status: 'interrupted' });
      const rows = await entries(run.group_id, PAGE, after);
      if (rows.length === 0) break;
      after = rows.at(-1)?.position ?? after;
      const lines = run.kind === 'replay' ? replayLines(rows, run.rules) : discardLines(rows);
      if (lines.length > 0) await log.append(lines);
      current = {
        ...current,
        done: current.done + rows.length,
        replayed: current.replayed + lines.length,
        failed: current.failed + rows.length - lines.length,
      };
      active.set(run.id, current);
    }
    await finish({ ...current, status: 'finished' });
  }

  async function finish(run: QuarantineRun, error?: unknown): Promise<void> {
    if (error !== undefined) logger.error({ run: run.id, error: String(error) }, 'a quarantine run failed');
    const ended = { ...run, finished_at: new Date(clock.now_ms()).toISOString() };
    await runs.update(ended);
    active.delete(run.id);
  }

  function replayLines(rows: readonly QuarantineRow[], rules: readonly RepairRule[]): string[] {
    const resolved_at = new Date(clock.now_ms()).toISOString();
    return rows.flatMap((row) => {
      const { event } = tryRepair(row, rules);
      if (event.verdict !== 'accepted') return [];
      return [
        JSON.stringify({
          ...event,
          kind: 'replay',
          received_at: row.received_at,
          origin: row.position,
          resolved_at,
        } satisfies LoggedEvent),
      ];
    });
  }

  function discardLines(rows: readonly QuarantineRow[]): string[] {
    const resolved_at = new Date(clock.now_ms()).toISOString();
    return rows.map((row) =>
      JSON.stringify({
        kind: 'discard',
        origin: row.position,
        source_id: row.source_id,
        message_id: row.message_id,
        received_at: row.received_at,
        resolved_at,
      } satisfies Partial<LoggedEvent>),
    );
  }

  return {
    groups,
    group,
    entries,
    preview,
    replay: (group_id: string, rules: readonly RepairRule[], actor: Actor) =>
      begin('replay', group_id, rules, actor),
    discard: (group_id: string, actor: Actor) => begin('discard', group_id, [], actor),
    async runs(): Promise<QuarantineRun[]> {
      return (await runs.list()).map((run) => active.get(run.id) ?? run);
    },
    async run(id: string): Promise<QuarantineRun> {
      const run = active.get(id) ?? (await runs.get(id));
      if (!run) throw new AppError('not_found', { field: 'id', message: 'No such replay.' });
      return run;
    },
    /** Lets the page in flight end. */
    async stop(): Promise<void> {
      stopping = true;
      await Promise.all(working);
    },
  };
}

export type QuarantineService = ReturnType<typeof createQuarantineService>;
