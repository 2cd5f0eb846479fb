/** Brings the stream and the memberships to what is released: histories of new signals, segments that are new or changed. */

import { EVENTS } from '../../collect/contract.ts';
import { type Clock, MINUTE_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { Turns } from '../../kernel/turns.ts';
import type { PersonDirectory, PersonNodeSql } from '../../resolve/contract.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { engineProblem } from '../compile/engine-problem.service.ts';
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import type { TryOut } from '../compile/try-out.service.ts';
import type { Assignment, AssignResult, LeftOut, RefreshResult } from '../contract.ts';
import { isDiscovered, segmentationOf } from '../rules/segment-kind.ts';
import type { Signal } from '../rules/signal.ts';
import {
  BUILT_KEY,
  type Built,
  isStuck,
  isWorkedOut,
  keptMs,
  missingFrom,
  NOTHING_BUILT,
  streamSignals,
} from '../stream/built.ts';
import { amongNodes, inRange, nodeRanges } from '../stream/histories.sql.ts';
import { marksOf, PARTED_SCAN_PREFIX, type Parting } from '../stream/parted.ts';
import { type SegmentStates, VERSION_KEY } from '../stream/segments.step.ts';
import { createStreamed, type Streamed } from '../stream/streamed.ts';
import type { RefreshCause } from './apply-answers.service.ts';
import { type Assigner, assignmentsOf, causeOf, withAssigned, withNumbers } from './assign.service.ts';
import { numbered, refreshed, whyNotYet, withFailed, withoutFailed } from './built-changes.ts';
import { listPeople, type PartedScan } from './parted.service.ts';
import { rebuildPart } from './rebuild-part.service.ts';
import { NOTHING, type Refresher } from './refresh.service.ts';
import { closeSegments } from './refresh.sql.ts';
import type { Watch } from './watch.ts';

/** Events whose histories are made while the stream waits. */
const SLICE_EVENTS = 250_000;
const SLICES_MAX = 512;

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

/** A rule that could not be worked out is tried again after this: what it needs may be there by then. */
export const TRY_AGAIN_MS = 15 * MINUTE_MS;

interface Workers {
  readonly states: SegmentStates;
  readonly refresher: Refresher;
  readonly assigner: Assigner;
  readonly scanParted: PartedScan;
  readonly tryOut: TryOut;
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
    const wanted = streamSignals(set, built);
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

  /** False when the rules of some could not be read: those are left out from now on, and the rest is looked at anew. */
  async function prepared(
    set: SegmentSet,
    signals: readonly string[],
    wanted: readonly CompiledSegment[],
  ): Promise<boolean> {
    try {
      await prepareSignals(set, signals);
      return true;
    } catch (error) {
      if (engineProblem(error) === undefined) throw error;
      const left_out: LeftOut[] = [];
      for (const segment of wanted) {
        const problem = await workers.tryOut(segment, set);
        if (problem !== undefined) left_out.push({ segment: segment.name, problem });
      }
      if (left_out.length === 0) throw error;
      const bad = wanted.filter(({ name }) => left_out.some(({ segment }) => segment === name));
      await save(numbered(built, bad));
      await keepResult(bad, left_out);
      return false;
    }
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
      await keepResult(segments, result.left_out);
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

  /** Those that were left out keep what they had, with what was wrong. */
  async function keepResult(
    segments: readonly CompiledSegment[],
    left_out: readonly LeftOut[],
  ): Promise<void> {
    const now_ms = deps.clock.now_ms();
    const out = new Set(left_out.map(({ segment }) => segment));
    const done = segments.filter(({ name }) => !out.has(name));
    const fingerprints = new Map(segments.map(({ name, fingerprint }) => [name, fingerprint]));
    await save(withFailed(refreshed(built, done, now_ms), left_out, fingerprints, now_ms));
    for (const { segment, problem } of left_out)
      deps.logger.warn({ segment, problem }, 'segment could not be worked out');
  }

  /** Those that are stuck are tried again: all whose pause has passed, or those that are named. */
  async function tryAgain(wanted: (name: string, at_ms: number) => boolean): Promise<void> {
    const again = released().segments.filter((segment) => {
      const before = built.segments[segment.name];
      return isStuck(segment, before) && wanted(segment.name, before?.failed?.at_ms ?? 0);
    });
    if (again.length > 0) await save(withoutFailed(built, again));
  }

  const notYet = (asked: ReadonlySet<string>, known: readonly CompiledSegment[]): LeftOut[] =>
    released()
      .segments.filter((segment) => asked.has(segment.name) && !known.includes(segment))
      .map((segment) => ({ segment: segment.name, problem: whyNotYet(segment, built) }));

  const workedOut = (): CompiledSegment[] =>
    released().segments.filter((segment) => isWorkedOut(segment, built.segments[segment.name]));

  async function refreshThose(
    segments: readonly CompiledSegment[],
    cause: RefreshCause,
    watch?: Watch,
  ): Promise<RefreshResult> {
    if (segments.length === 0) return NOTHING;
    const result = await workers.refresher(segments, released(), built, cause, watch);
    await keepResult(segments, result.left_out);
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
        const now_ms = deps.clock.now_ms();
        await tryAgain((_, at_ms) => now_ms - at_ms >= TRY_AGAIN_MS);
        while (!signal.aborted) {
          const set = released();
          const missing = missingFrom(built, set, segmentations());
          const segments = (names: readonly string[]) => names.flatMap((name) => set.get(name) ?? []);
          if (Object.values(missing).every((names) => names.length === 0)) return;
          await close(missing.removed);
          await refreshThose(askingFor(missing.removed, workedOut()), 'release');
          const wanted = [...segments(missing.fresh), ...segments(missing.changed)];
          if (missing.signals.length + missing.spare.length > 0) {
            if (!(await prepared(set, missing.signals, wanted))) continue;
          }
          await activate(segments(missing.fresh), set, 'first');
          await activate(segments(missing.changed), set, 'release');
        }
      }),
    rebuildNodes: (nodes) => alone(() => rebuild(signalsOf(released(), built), [amongNodes(nodes)], nodes)),
    rebuildAll: () =>
      alone(async () => {
        await load();
        const set = released();
        await close(missingFrom(built, set, segmentations()).removed);
        await prepareSignals(set, [...streamSignals(set, built).keys()]);
        const result = await activate(set.segments, set, 'first');
        // Imported history joins people without a word to the stream.
        const assigned = assignmentsOf(built);
        for (const assignment of assigned) await workers.assigner(assignment, built, 'first');
        const found = assigned.flatMap((assignment) => foundBy(assignment, built));
        await refreshThose(askingFor(found, workedOut()), 'first');
        return result;
      }),
    refresh: (names, watch) =>
      alone(async () => {
        watch?.signal.throwIfAborted();
        await load();
        const asked = new Set(names);
        const known = workedOut().filter(({ name }) => asked.has(name));
        const result = await refreshThose(known, 'refresh', watch);
        const left_out = notYet(asked, known);
        await tryAgain((name) => asked.has(name));
        return { ...result, left_out: [...result.left_out, ...left_out] };
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
        if (known.length === 0) return true;
        const { done, left_out } = await workers.scanParted(known, released(), built, partings);
        // The next refresh tries them again, for everybody.
        if (left_out.length > 0) await keepResult([], left_out);
        return done;
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
const signalsOf = (set: SegmentSet, built: Built): Signal[] =>
  [...streamSignals(set, built).keys()].flatMap((key) => set.signals.get(key)?.signal ?? []);
