/** Puts people into the segments that a run found: the clusters they are in are answers like those of a scan. */
import { AppError } from '../../kernel/errors.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { Assignment, AssignResult } from '../contract.ts';
import { segmentationOf } from '../rules/segment-kind.ts';
import { assignedRuns, type Built, type BuiltSegment } from '../stream/built.ts';
import type { Parting } from '../stream/parted.ts';
import { type ApplyDeps, type AskedSegment, apply, type RefreshCause } from './apply-answers.service.ts';
import { countAssigned, fillAssigned } from './assign.sql.ts';
import { emptyScan, type Slice } from './refresh.sql.ts';

/** `built` has numbers for all of them (`withNumbers`). `parted`: of `SCAN_PEOPLE`, and nobody else is looked at. */
export type Assigner = (
  assignment: Assignment,
  built: Built,
  cause: RefreshCause,
  parted?: readonly Parting[],
) => Promise<AssignResult>;

export function createAssigner(deps: ApplyDeps & { readonly sql: PersonSql }): Assigner {
  return async (assignment, built, cause, parted) => {
    const { warehouse } = deps;
    const clusters = assignment.segments.map(({ cluster }) => cluster);
    const [row] = await warehouse.query<{ people: number }>(countAssigned(assignment, clusters));
    const people = row?.people ?? 0;
    // Nobody would be left: a later run took its rows away.
    if (people === 0) throw new AppError('conflict', { message: 'The run is no longer kept.' });
    const segments = askedOf(assignment, built);
    for (const statement of emptyScan()) await warehouse.execute(statement);
    const at = { now_ms: deps.clock.now_ms(), cause, people };
    const answers = {
      touched: new Set<never>(),
      moved: new Set<never>(),
      // Within the turn, so that whoever was joined a moment ago is where they are now.
      fill: async (slice: Slice) => {
        const filled = fillAssigned(assignment, clusters, segments.length, deps.sql.moved, slice);
        for (const statement of filled) await warehouse.execute(statement);
      },
      ...(parted === undefined ? {} : { parted }),
    };
    return { people, ...(await apply(segments, built, at, answers, deps)) };
  };
}

const ofSegmentation = (segmentation: string, { segments }: Built): [string, BuiltSegment][] =>
  Object.entries(segments).filter(
    ([name, { discovered }]) => discovered !== undefined && segmentationOf(name) === segmentation,
  );

/** Those of the run, then those whose cluster has ended: everybody leaves them. */
function askedOf({ segmentation, segments, version }: Assignment, built: Built): AskedSegment[] {
  const now = segments.map(({ name, label }) => ({ name, label, version, streamed: false }));
  const names = new Set(segments.map(({ name }) => name));
  const ended = ofSegmentation(segmentation, built)
    .filter(([name]) => !names.has(name))
    .map(([name, { discovered }]) => ({
      name,
      label: discovered?.label ?? name,
      version,
      streamed: false,
    }));
  return [...now, ...ended];
}

/** What putting people in by an assignment means: nobody moved when people are divided for the first time, or in another way. */
export function causeOf({ segmentation, fingerprint }: Assignment, built: Built): RefreshCause {
  const done = ofSegmentation(segmentation, built).filter(([, { refreshed_ms }]) => refreshed_ms > 0);
  if (done.length === 0) return 'first';
  return done.some(([, before]) => before.fingerprint === fingerprint) ? 'refresh' : 'release';
}

/** Numbers for new segments; what the others were is kept until everybody was put in. */
export function withNumbers(built: Built, { segments, version }: Assignment): Built {
  const all: Record<string, BuiltSegment> = { ...built.segments };
  let { next_id } = built;
  for (const { name, label, cluster } of segments) {
    const discovered = { version, label, run: '', cluster };
    const fresh = { id: next_id, fingerprint: '', refreshed_ms: 0, discovered };
    if (all[name] === undefined) next_id += 1;
    all[name] ??= fresh;
  }
  return { ...built, segments: all, next_id };
}

/** Everybody is in: the segments of the run are all that the segmentation has. */
export function withAssigned(built: Built, assignment: Assignment, now_ms: number): Built {
  const { segmentation, run, version, fingerprint, segments } = assignment;
  const all: Record<string, BuiltSegment> = { ...built.segments };
  for (const [name] of ofSegmentation(segmentation, built)) delete all[name];
  for (const { name, label, cluster } of segments) {
    const id = built.segments[name]?.id ?? 0;
    all[name] = { id, fingerprint, refreshed_ms: now_ms, discovered: { version, label, run, cluster } };
  }
  return { ...built, segments: all };
}

/** What people were put in by, of each segmentation where that was done to the end. */
export function assignmentsOf(built: Built): Assignment[] {
  return [...assignedRuns(built)].flatMap(([segmentation, run]) => {
    const own = ofSegmentation(segmentation, built);
    const [, first] = own[0] ?? [];
    if (run === '' || first?.discovered === undefined) return [];
    const segments = own.flatMap(([name, { discovered }]) =>
      discovered === undefined ? [] : [{ name, label: discovered.label, cluster: discovered.cluster }],
    );
    return [
      { segmentation, run, version: first.discovered.version, fingerprint: first.fingerprint, segments },
    ];
  });
}
