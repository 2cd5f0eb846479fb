import type { z } from 'zod';
import type { Definitions, ReleasedDefinition, Run, RunHandle, Runs } from '../../govern/contract.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Actor } from '../../kernel/operation.ts';
import type { PersonDirectory } from '../../resolve/contract.ts';
import type { SegmentCommands } from '../contract.ts';
import { SEGMENTATION_KIND } from '../rules/segment-kind.ts';
import type { Parting } from '../stream/parted.ts';
import { measureDrift } from './drift.service.ts';
import type { DriftReport } from './judge-drift.ts';
import { placeParted } from './place-parted.service.ts';
import type { RunResult } from './run-store.service.ts';
import { parseSegmentation, type Segmentation } from './segmentation.ts';
import type { SegmentationSummary } from './segmentation-output.ts';
import {
  assignStanding,
  type RunDeps,
  retireSegmentation,
  runSegmentation,
} from './segmentation-run.service.ts';

export interface Segmentations {
  list(): Promise<z.infer<typeof SegmentationSummary>[]>;
  get(
    name: string,
  ): Promise<{ readonly summary: z.infer<typeof SegmentationSummary>; readonly body: Segmentation }>;
  /** Begins a run and returns at once. */
  start(name: string, actor: Actor, trigger: RunResult['trigger']): Promise<Run>;
  startDrift(name: string, actor: Actor): Promise<Run>;
  runs(name: string, limit: number): Promise<RunResult[]>;
  run(name: string, id: string): Promise<RunResult>;
  drift(name: string): Promise<DriftReport[]>;
  rename(name: string, cluster: string, title: string): Promise<void>;
  /** Forgets what segmentations that are no longer released knew of people; returns their names. */
  retire(): Promise<string[]>;
  /** Released ones whose newest run was cut off before everybody was in its segments. */
  cutOff(): Promise<string[]>;
  /** Puts everybody into the segments of the newest run; begins and returns at once. */
  finish(name: string, actor: Actor): Promise<Run>;
  /**
   * Puts people who were taken apart into the segments of the run that stands, one segmentation after the other, in the
   * background; false when it has to be done again.
   */
  placeParted(partings: readonly Parting[], actor: Actor): Promise<boolean>;
  /** What is due by the clock: refits by schedule, and drift once a day. The longest overdue first. */
  due(): Promise<Due[]>;
}

interface Due {
  readonly name: string;
  readonly what: 'refit' | 'drift';
  readonly trigger: RunResult['trigger'];
  readonly since_ms: number;
}

const DRIFT_EVERY_MS = DAY_MS;
/** After a run that failed or was cancelled: others come first, and nothing is read in vain every few minutes. */
const AGAIN_AFTER_MS = HOUR_MS;
/** The same where people are in the segments of two runs until it is done. */
const FINISH_AGAIN_MS = 15 * MINUTE_MS;

export interface SegmentationDeps extends Omit<RunDeps, 'commands'> {
  readonly commands: Pick<SegmentCommands, 'assign' | 'assignParted'>;
  readonly directory: PersonDirectory;
  readonly definitions: Definitions;
  readonly background: Runs;
  /** The run of each segmentation that memberships are of. */
  readonly assignedRuns: () => Promise<ReadonlyMap<string, string>>;
}

export function createSegmentations(deps: SegmentationDeps): Segmentations {
  const { definitions, background, clock, runs } = deps;
  const released = () => definitions.current(SEGMENTATION_KIND);
  const find = (name: string): ReleasedDefinition => {
    const found = released().find((d) => d.name === name);
    if (found !== undefined) return found;
    throw new AppError('not_found', { message: `No segmentation \`${name}\` is released.`, field: 'name' });
  };
  const orderOf = (definition: ReleasedDefinition) => ({
    name: definition.name,
    body: parseSegmentation(definition.body),
    version: definition.version,
    release: definitions.release(),
  });
  const failed_ms = new Map<string, number>();
  const begin = (
    kind: string,
    name: string,
    actor: Actor,
    work: (handle: RunHandle) => Promise<unknown>,
  ): Promise<Run> =>
    background.start(kind, name, actor, async (handle) => {
      try {
        const result = await work(handle);
        failed_ms.delete(name);
        return result;
      } catch (error) {
        failed_ms.set(name, clock.now_ms());
        throw error;
      }
    });

  const summary = async (definition: ReleasedDefinition) => {
    const body = parseSegmentation(definition.body);
    const [last] = await runs.list(definition.name, 1);
    const [drift] = await runs.drift(definition.name, 1);
    const next = last === undefined ? clock.now_ms() : Date.parse(last.at) + (body.refit_days ?? 0) * DAY_MS;
    return {
      name: definition.name,
      method: body.method,
      description: body.description,
      version: definition.version,
      last_run:
        last === undefined
          ? null
          : { id: last.id, at: last.at, clusters: last.clusters.length, people: last.people },
      next_run_at: body.refit_days === null ? null : new Date(next).toISOString(),
      stale: last !== undefined && last.definition_version !== definition.version,
      drift:
        drift === undefined
          ? null
          : {
              at: drift.at,
              worst_psi: Math.max(0, ...drift.features.map((f) => f.psi)),
              moved: drift.moved.value,
              refit: drift.refit,
            },
    };
  };

  return {
    list: () => Promise.all(released().map(summary)),
    async get(name) {
      const definition = find(name);
      return { summary: await summary(definition), body: parseSegmentation(definition.body) };
    },
    async start(name, actor, trigger) {
      const order = { ...orderOf(find(name)), trigger };
      return begin('segment.fit', name, actor, async (handle) => {
        const run = await runSegmentation(order, deps, handle);
        return { run: run.id, clusters: run.clusters.length, people: run.people, warnings: run.warnings };
      });
    },
    async startDrift(name, actor) {
      const order = orderOf(find(name));
      return begin('segment.measure-drift', name, actor, async (handle) => {
        const { refit, reasons } = await measureDrift(order, deps, handle);
        return { refit, reasons };
      });
    },
    async runs(name, limit) {
      find(name);
      return runs.list(name, limit);
    },
    async run(name, id) {
      const run = await runs.get(name, id);
      if (run === undefined)
        throw new AppError('not_found', { message: `\`${name}\` has no run \`${id}\`.`, field: 'id' });
      return run;
    },
    async drift(name) {
      find(name);
      return runs.drift(name, 90);
    },
    async rename(name, cluster, title) {
      find(name);
      const standing = await runs.standing(name);
      if (standing?.run.clusters.some((c) => c.key === cluster) !== true) {
        throw new AppError('not_found', {
          message: `\`${name}\` has no cluster \`${cluster}\` now.`,
          field: 'cluster',
        });
      }
      const same = standing.run.clusters.find(
        (c) => c.key !== cluster && c.title.toLowerCase() === title.toLowerCase(),
      );
      if (same !== undefined) {
        const message = `Another segment of \`${name}\` is called ${same.title} already.`;
        throw new AppError('conflict', { message, field: 'title' });
      }
      await runs.rename(name, cluster, title);
    },
    async retire() {
      const gone = (await runs.names()).filter((name) => !released().some((d) => d.name === name));
      for (const name of gone) await retireSegmentation(name, deps);
      return gone;
    },
    async cutOff() {
      const assigned = await deps.assignedRuns();
      const now_ms = clock.now_ms();
      const found: string[] = [];
      for (const { name } of released()) {
        if (now_ms < (failed_ms.get(name) ?? Number.NEGATIVE_INFINITY) + FINISH_AGAIN_MS) continue;
        const standing = await runs.standing(name);
        if (standing !== undefined && assigned.get(name) !== standing.run.id) found.push(name);
      }
      return found;
    },
    // The same kind as a run, so that the two never go on at once.
    finish: (name, actor) =>
      begin('segment.fit', name, actor, async (handle) => {
        handle.progress(0.9, 'writing who is in which segment');
        return assignStanding(name, deps);
      }),
    async placeParted(partings, actor) {
      let done = true;
      for (const definition of released()) {
        const order = orderOf(definition);
        const { name } = order;
        if ((await runs.standingRun(name)) === undefined) continue;
        if (clock.now_ms() < (failed_ms.get(name) ?? Number.NEGATIVE_INFINITY) + FINISH_AGAIN_MS) {
          done = false;
          continue;
        }
        // The same kind as a run: one that goes on has read them together, and is waited for.
        await new Promise<void>((resolve, reject) => {
          begin('segment.fit', name, actor, async (handle) => {
            await placeParted(order, partings, deps, handle).then(resolve, (error: unknown) => {
              reject(error);
              throw error;
            });
          }).catch(reject);
        });
      }
      return done;
    },
    async due() {
      const now_ms = clock.now_ms();
      const found: Due[] = [];
      for (const definition of released()) {
        const { name, body, version } = orderOf(definition);
        if (now_ms < (failed_ms.get(name) ?? Number.NEGATIVE_INFINITY) + AGAIN_AFTER_MS) continue;
        const [last] = await runs.list(name, 1);
        const [drift] = await runs.drift(name, 1);
        const ran_ms = last === undefined ? undefined : Date.parse(last.at);
        if (body.refit_days !== null && now_ms >= (ran_ms ?? 0) + body.refit_days * DAY_MS) {
          found.push({ name, what: 'refit', trigger: 'schedule', since_ms: ran_ms ?? 0 });
        } else if (body.refit_on_drift && drift?.refit === true && Date.parse(drift.at) > (ran_ms ?? 0)) {
          found.push({ name, what: 'refit', trigger: 'drift', since_ms: Date.parse(drift.at) });
        } else if (last !== undefined && last.clusters.length > 0 && last.definition_version === version) {
          const looked_ms = Math.max(ran_ms ?? 0, drift === undefined ? 0 : Date.parse(drift.at));
          if (now_ms >= looked_ms + DRIFT_EVERY_MS)
            found.push({ name, what: 'drift', trigger: 'schedule', since_ms: looked_ms });
        }
      }
      return found.sort((a, b) => a.since_ms - b.since_ms);
    },
  };
}
