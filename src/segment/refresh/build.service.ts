/** Brings the stream and the memberships to what is released: histories of new signals, segments that are new or changed. */

import { EVENTS } from '../../collect/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { Turns } from '../../kernel/turns.ts';
import type { PersonDirectory, PersonNodeSql } from '../../resolve/contract.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import type { Assignment, AssignResult, RefreshResult } from '../contract.ts';
import { isDiscovered, segmentationOf } from '../rules/segment-kind.ts';
import type { Signal } from '../rules/signal.ts';
import {
  BUILT_KEY,
  type Built,
  type BuiltSegment,
  isStreamed,
  isWorkedOut,
  keptMs,
  missingFrom,
  NOTHING_BUILT,
  streamSignals,
} from '../stream/built.ts';
import {
  amongNodes,
  type HistoryRow,
  historiesSql,
  inRange,
  nodeRanges,
  readHistory,
} from '../stream/histories.sql.ts';
import { historyKey, NO_HISTORY } from '../stream/node-history.ts';
import { marksOf, PARTED_SCAN_PREFIX, type Parting } from '../stream/parted.ts';
import { type SegmentStates, VERSION_KEY } from '../stream/segments.step.ts';
import { createStreamed, type Streamed } from '../stream/streamed.ts';
import type { RefreshCause } from './apply-answers.service.ts';
import { type Assigner, assignmentsOf, causeOf, withAssigned, withNumbers } from './assign.service.ts';
import { listPeople, type PartedScan } from './parted.service.ts';
import type { Refresher } from './refresh.service.ts';
import { closeSegments } from './refresh.sql.ts';
import type { Watch } from './watch.ts';

/** Events whose histories are made while the stream waits. */
const SLICE_EVENTS = 250_000;
const SLICES_MAX = 512;
const COMMIT_STATES = 2_000;

export interface Builder {
  streamed(): Streamed;
  built(): Built;
  load(): Promise<void>;
  /** Until nothing is missing. */
  build(signal: AbortSignal): Promise<void>;
  /** Histories of these nodes from events, all signals. */
  rebuildNodes(nodes: readonly string[]): Promise<void>;
  /** Histories and memberships from all events there are; after history was imported. */
  rebuildAll(): Promise<RefreshResult>;
  refresh(names: readonly string[], watch?: Watch): Promise<RefreshResult>;
  /** Puts people into the segments that a run found, and out of those that ended. */
  assign(assignment: Assignment): Promise<AssignResult>;
  /** The same of people who were taken apart alone, by the run that their memberships are of. */
  assignParted(segmentation: string, run: string, partings: readonly Parting[]): Promise<void>;
  /** All rules of people who were taken apart; false when some of them went elsewhere meanwhile. */
  scanParted(partings: readonly Parting[]): Promise<boolean>;
}

interface Deps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly turns: Turns;
  readonly sql: PersonNodeSql;
  readonly directory: PersonDirectory;
  readonly released: () => SegmentSet;
  /** Names of the released ones. */
  readonly segmentations: () => ReadonlySet<string>;
}

const NOTHING: RefreshResult = { people: 0, entered: 0, exited: 0, seconds: 0, rows_read: 0, bytes_read: 0 };

interface Workers {
  readonly states: SegmentStates;
  readonly refresher: Refresher;
  readonly assigner: Assigner;
  readonly scanParted: PartedScan;
}

/** `attach` comes after the step is made, which itself needs `streamed`. */
export function createBuilder(deps: Deps): Builder & { attach(workers: Workers): void } {
  const { online, released, segmentations } = deps;
  let built: Built = NOTHING_BUILT;
  let loaded = false;
  let workers: Workers;
  const activating = new Map<string, 'first' | 'release'>();
  let streamed: { readonly set: SegmentSet; readonly value: Streamed } | undefined;
  let busy: Promise<unknown> = Promise.resolve();

  /** One scan at a time: they share a table. */
  const alone = <T>(work: () => Promise<T>): Promise<T> => {
    const next = busy.then(work);
    busy = next.catch(() => {});
    return next;
  };
  const forget = (): void => {
    streamed = undefined;
  };
  const load = async (): Promise<void> => {
    if (loaded) return;
    built = (await online.get<Built>(BUILT_KEY)) ?? NOTHING_BUILT;
    loaded = true;
    forget();
  };
  const save = async (next: Built): Promise<void> => {
    await online.commit({ put: [{ key: BUILT_KEY, value: next }] });
    built = next;
    forget();
  };

  async function rebuild(
    signals: readonly Signal[],
    where: readonly Sql[],
    nodes: readonly string[] = [],
  ): Promise<void> {
    for (const part of where) {
      const passOn = await deps.turns.take();
      try {
        await rebuildPart(signals, part, nodes, workers.states, deps);
      } finally {
        passOn();
      }
    }
  }

  const everything = async (): Promise<readonly Sql[]> => {
    const [row] = await deps.warehouse.query<{ n: number }>(sql`SELECT count() AS n FROM ${EVENTS}`);
    const slices = Math.min(SLICES_MAX, Math.max(1, Math.ceil((row?.n ?? 0) / SLICE_EVENTS)));
    return nodeRanges(slices).map(inRange);
  };

  async function prepareSignals(set: SegmentSet, missing: readonly string[]): Promise<void> {
    const wanted = streamSignals(set);
    const keptFor = (key: string, keep_ms: number) => [key, finite(keep_ms)] as const;
    const left = [...wanted].filter(([key]) => key in built.signals);
    const kept = left.map(([key, keep_ms]) => keptFor(key, Math.min(keep_ms, keptMs(built, key))));
    await save({ ...built, signals: Object.fromEntries(kept) });
    if (missing.length === 0) return;
    await rebuild(
      missing.flatMap((key) => set.signals.get(key)?.signal ?? []),
      await everything(),
    );
    await save({ ...built, signals: Object.fromEntries([...wanted].map((one) => keptFor(...one))) });
  }

  /** The stream decides them from here on, so that nobody is missed while the scan runs. */
  async function activate(
    segments: readonly CompiledSegment[],
    set: SegmentSet,
    cause: 'first' | 'release',
  ): Promise<RefreshResult> {
    if (segments.length === 0) return NOTHING;
    await save(numbered(built, segments));
    for (const { name } of segments) activating.set(name, cause);
    forget();
    workers.states.forgetTraits();
    try {
      const result = await workers.refresher(segments, set, built, cause);
      await save(refreshed(built, segments, deps.clock.now_ms()));
      deps.logger.info({ segments: segments.length, cause, ...result }, 'segments worked out');
      return result;
    } finally {
      for (const { name } of segments) activating.delete(name);
      forget();
    }
  }

  async function close(names: readonly string[]): Promise<void> {
    if (names.length === 0) return;
    const passOn = await deps.turns.take();
    try {
      const version = await workers.states.nextVersion();
      for (const statement of closeSegments(names, { now_ms: deps.clock.now_ms(), version })) {
        await deps.warehouse.execute(statement);
      }
      await online.commit({ put: [{ key: VERSION_KEY, value: version }] });
      const left = Object.entries(built.segments).filter(([name]) => !names.includes(name));
      await save({ ...built, segments: Object.fromEntries(left) });
    } finally {
      passOn();
    }
  }

  const workedOut = (): CompiledSegment[] =>
    released().segments.filter((segment) => isWorkedOut(segment, built.segments[segment.name]));

  async function refreshThose(
    segments: readonly CompiledSegment[],
    cause: RefreshCause,
    watch?: Watch,
  ): Promise<RefreshResult> {
    if (segments.length === 0) return NOTHING;
    const result = await workers.refresher(segments, released(), built, cause, watch);
    await save(refreshed(built, segments, deps.clock.now_ms()));
    return result;
  }

  const builder: Builder = {
    streamed() {
      const set = released();
      if (streamed?.set !== set) streamed = { set, value: createStreamed(set, built, activating) };
      return streamed.value;
    },
    built: () => built,
    load,
    build: (signal) =>
      alone(async () => {
        await load();
        while (!signal.aborted) {
          const set = released();
          const missing = missingFrom(built, set, segmentations());
          const segments = (names: readonly string[]) => names.flatMap((name) => set.get(name) ?? []);
          if (Object.values(missing).every((names) => names.length === 0)) return;
          await close(missing.removed);
          await refreshThose(askingFor(missing.removed, workedOut()), 'release');
          if (missing.signals.length + missing.spare.length > 0) await prepareSignals(set, missing.signals);
          await activate(segments(missing.fresh), set, 'first');
          await activate(segments(missing.changed), set, 'release');
        }
      }),
    rebuildNodes: (nodes) => alone(() => rebuild(signalsOf(released()), [amongNodes(nodes)], nodes)),
    rebuildAll: () =>
      alone(async () => {
        await load();
        const set = released();
        await close(missingFrom(built, set, segmentations()).removed);
        await prepareSignals(set, [...streamSignals(set).keys()]);
        const result = await activate(set.segments, set, 'first');
        // Imported history joins people without a word to the stream.
        for (const assignment of assignmentsOf(built)) await workers.assigner(assignment, built, 'first');
        return result;
      }),
    refresh: (names, watch) =>
      alone(async () => {
        watch?.signal.throwIfAborted();
        await load();
        const asked = new Set(names);
        return refreshThose(
          workedOut().filter(({ name }) => asked.has(name)),
          'refresh',
          watch,
        );
      }),
    assign: (assignment) =>
      alone(async () => {
        await load();
        if (!segmentations().has(assignment.segmentation))
          throw new AppError('conflict', { message: 'The segmentation is no longer released.' });
        await save(withNumbers(built, assignment));
        const cause = causeOf(assignment, built);
        const result = await workers.assigner(assignment, built, cause);
        // Before the assignment counts as done: cut off in between, both are done again.
        await refreshThose(askingFor(foundBy(assignment, built), workedOut()), cause);
        await save(withAssigned(built, assignment, deps.clock.now_ms()));
        deps.logger.info({ segmentation: assignment.segmentation, ...result }, 'people put into segments');
        return result;
      }),
    assignParted: (segmentation, run, partings) =>
      alone(async () => {
        await load();
        const assignment = assignmentsOf(built).find((one) => one.segmentation === segmentation);
        if (assignment?.run !== run)
          throw new AppError('conflict', { message: 'Another run stands by now.' });
        await listPeople(partings, deps);
        await workers.assigner(assignment, built, 'merge', partings);
        if (askingFor(foundBy(assignment, built), workedOut()).length === 0) return;
        const passOn = await deps.turns.take();
        try {
          const version = await workers.states.nextVersion();
          const marks = marksOf(PARTED_SCAN_PREFIX, partings, version);
          await online.commit({ put: [...marks, { key: VERSION_KEY, value: version }] });
        } finally {
          passOn();
        }
      }),
    scanParted: (partings) =>
      alone(async () => {
        await load();
        const known = workedOut();
        return known.length === 0 || workers.scanParted(known, released(), built, partings);
      }),
  };
  return {
    ...builder,
    attach(own) {
      workers = own;
    },
  };
}

/** Rules that ask who is in one of the discovered segments, themselves or through another rule. */
const askingFor = (found: readonly string[], segments: readonly CompiledSegment[]): CompiledSegment[] =>
  segments.filter(({ all_discovered }) => all_discovered.some((name) => found.includes(name)));

/** Those it has, and those that ended with the run. */
const foundBy = (assignment: Assignment, { segments }: Built): string[] => [
  ...assignment.segments.map(({ name }) => name),
  ...Object.keys(segments).filter(
    (name) => isDiscovered(name) && segmentationOf(name) === assignment.segmentation,
  ),
];

const finite = (ms: number): number | null => (Number.isFinite(ms) ? ms : null);
const signalsOf = (set: SegmentSet): Signal[] =>
  [...streamSignals(set).keys()].flatMap((key) => set.signals.get(key)?.signal ?? []);

/** New segments get a number; none counts as worked out under its rule yet. */
function numbered(built: Built, segments: readonly CompiledSegment[]): Built {
  const all: Record<string, BuiltSegment> = { ...built.segments };
  let { next_id } = built;
  for (const { name } of segments) {
    all[name] ??= { id: next_id++, fingerprint: '', refreshed_ms: 0 };
  }
  return { ...built, segments: all, next_id };
}

function refreshed(built: Built, segments: readonly CompiledSegment[], now_ms: number): Built {
  const all: Record<string, BuiltSegment> = { ...built.segments };
  for (const segment of segments) {
    const { name, fingerprint } = segment;
    const before = all[name];
    const scanned = !isStreamed(segment);
    if (before !== undefined) all[name] = { ...before, fingerprint, refreshed_ms: now_ms, scanned };
  }
  return { ...built, segments: all };
}

/** The caller holds the turn. `nodes` lose what they had when there is no event of theirs. */
async function rebuildPart(
  signals: readonly Signal[],
  where: Sql,
  nodes: readonly string[],
  states: SegmentStates,
  { warehouse, online, sql: people }: Deps,
): Promise<void> {
  const position = await states.position();
  const rows = await warehouse.query<HistoryRow>(historiesSql(signals, { sql: people, where, position }), {
    timeout_ms: 300_000,
  });
  const found = new Set(rows.map((row) => row.owner));
  const empty = nodes.filter((node) => !found.has(node));
  await online.commit({
    put: empty.map((node) => ({ key: historyKey(node), value: { ...NO_HISTORY, position } })),
  });
  states.histories.forget(empty);
  for (let from = 0; from < rows.length; from += COMMIT_STATES) {
    const some = rows.slice(from, from + COMMIT_STATES);
    const owners = some.map((row) => row.owner);
    const before = await states.histories.get(owners);
    const put = some.map((row, i) => ({
      key: historyKey(row.owner),
      value: readHistory(row, signals, before[i], position),
    }));
    await online.commit({ put });
    states.histories.forget(owners);
  }
}
