/** Answers about segments: from the released definitions, the tables of members, and what the stream has built. */
import type { Definitions, Runs } from '../../govern/contract.ts';
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { PersonDirectory, PersonSql } from '../../resolve/contract.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { type CompiledSegment, compileSet, type SegmentSet } from '../compile/segment-set.ts';
import { ruleProblem } from '../compile/try-out.service.ts';
import type { RefreshResult, SegmentCommands } from '../contract.ts';
import type { FoundSegments } from '../discover/found-segments.service.ts';
import { createPreview } from '../preview/preview.service.ts';
import { leavesOf, type RuleProblem } from '../rules/rule.ts';
import { isDiscovered, SEGMENT_KIND, type SegmentKind } from '../rules/segment-kind.ts';
import type { SegmentService, SegmentSummary } from '../segment-service.ts';
import {
  BUILT_KEY,
  type Built,
  isStreamed,
  isStuck,
  isWorkedOut,
  NOTHING_BUILT,
  problemOf,
} from '../stream/built.ts';
import type { SegmentUses } from '../use/use.service.ts';
import type { DraftGuard } from '../validate/draft-sensitivity.service.ts';
import { adviseCadence } from './advise-cadence.ts';
import { csvCell } from './csv-cell.ts';
import { createDiscoveredQueries } from './discovered.service.ts';
import { explain } from './explain.service.ts';
import type { FieldService } from './fields.service.ts';
import {
  changesByDay,
  changesSince,
  type LastRefresh,
  lastRefreshes,
  membersAfter,
  newestChanges,
  refreshes,
  sizes,
} from './segments.sql.ts';
import { watchedRefresh } from './watched-refresh.ts';

export interface SegmentServiceDeps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly runs: Runs;
  readonly directory: PersonDirectory;
  readonly sql: PersonSql;
  readonly traits: TraitSql;
  readonly commands: SegmentCommands;
  readonly released: () => SegmentSet;
  readonly fields: FieldService;
  readonly kind: SegmentKind;
  readonly found: FoundSegments;
  readonly draftGuard: DraftGuard;
  readonly uses: Pick<SegmentUses, 'list' | 'mustBeGivenOut'>;
}

export function createSegmentService(deps: SegmentServiceDeps): SegmentService {
  const { warehouse, released, clock } = deps;
  const named = (name: string): CompiledSegment => {
    const segment = released().get(name);
    if (segment === undefined)
      throw new AppError('not_found', { message: `There is no released segment ${name}.`, field: 'name' });
    return segment;
  };
  const discovered = createDiscoveredQueries(deps);
  const exists = async (name: string): Promise<void> => {
    if (!isDiscovered(name)) named(name);
    else if ((await deps.found.get(name)) === undefined)
      throw new AppError('not_found', { message: `There is no segment ${name} now.`, field: 'name' });
  };
  const page: SegmentService['members'] = async (name, { limit, after }) => {
    await exists(name);
    const rows = await warehouse.query<{ person: string; since: string }>(membersAfter(name, after, limit));
    const identifiers = await deps.directory.identifiersOf(rows.map((row) => row.person as PersonId));
    return {
      members: rows.map((row, i) => ({
        ...row,
        identifiers: (identifiers[i] ?? []).map(({ type, value }) => `${type}:${value}`),
      })),
      next: rows.length === limit ? (rows.at(-1)?.person ?? null) : null,
    };
  };
  return {
    list: () => summarise(deps, released().segments),
    listDiscovered: discovered.list,
    overlap: discovered.overlap,
    async show(name) {
      if (isDiscovered(name)) return discovered.show(name);
      const { body, rule } = named(name);
      const [summary] = (await summarise(deps, [named(name)])) as [SegmentSummary];
      const places = leavesOf(body.rule);
      const parts = rule.leaves.map(({ leaf, description }, i) => ({
        place: places[i]?.place ?? 'rule',
        predicate: leaf.predicate,
        description,
      }));
      return { ...summary, kind: 'rule', rule: body.rule, parts };
    },
    check: async (body, name) => {
      const own = deps.kind.check(body, name);
      if (own.length > 0) return own;
      await deps.fields.catalogue();
      const kinds = [SEGMENT_KIND, 'computed-trait', 'tracking-plan'];
      const others = kinds
        .flatMap((kind) => deps.definitions.current(kind))
        .filter((one) => one.kind !== SEGMENT_KIND || one.name !== name);
      const set = [...others, { kind: SEGMENT_KIND, name, body }];
      const beside = deps.kind.checkSet?.(set, new Set([name])) ?? [];
      if (beside.length > 0) return beside.map(({ field, message }) => ({ field, message }));
      return checkRuns(set, name, deps);
    },
    preview: createPreview(deps),
    members: page,
    changes: (filter) => warehouse.query(newestChanges(filter)),
    async trend(name, days) {
      await exists(name);
      const today_ms = Math.floor(clock.now_ms() / DAY_MS) * DAY_MS;
      const from_ms = today_ms - (days - 1) * DAY_MS;
      const rows = await warehouse.query<DayOfChanges & { day: string }>(changesByDay(name, from_ms));
      const [size] = await warehouse.query<{ people: number }>(sizes([name]));
      return backFrom(size?.people ?? 0, days, today_ms, new Map(rows.map((row) => [row.day, row])));
    },
    async refresh(names, actor) {
      for (const name of names) named(name);
      const run = await deps.runs.start(
        'segment.refresh',
        names.length === 1 ? String(names[0]) : 'all',
        actor,
        async (handle) => mustAnswer(await watchedRefresh(deps.commands, names, handle), names),
      );
      return { run_id: run.id };
    },
    refreshes: (limit) => warehouse.query(refreshes(limit)),
    explain: (name, people) => explain(name, people, deps),
    async exportCsv(name, request) {
      await deps.uses.mustBeGivenOut(name);
      const { members, next } = await page(name, request);
      const lines = members.map(({ person, since, identifiers }) =>
        [person, since, identifiers.join(' ')].map(csvCell).join(','),
      );
      const head = request.after === undefined ? ['person,since,identifiers'] : [];
      return { csv: [...head, ...lines].map((line) => `${line}\r\n`).join(''), rows: members.length, next };
    },
    async fields() {
      const catalogue = await deps.fields.catalogue();
      const ruled = released().segments.map(({ name, body }) => ({ name, label: body.label }));
      const found = (await deps.found.list()).map(({ name, cluster }) => ({ name, label: cluster.title }));
      return { ...catalogue, segments: [...ruled, ...found] };
    },
  };
}

/** Whether the engine can answer it beside the others; no problem is known while there is no engine. */
async function checkRuns(
  set: readonly { readonly kind: string; readonly name: string; readonly body: unknown }[],
  name: string,
  deps: SegmentServiceDeps,
): Promise<readonly RuleProblem[]> {
  const rules = set.filter(({ kind }) => kind === SEGMENT_KIND).map((one) => ({ ...one, version: 0 }));
  const compiled = compileSet(rules);
  const draft = compiled.get(name);
  if (draft === undefined) return [];
  try {
    const problem = await ruleProblem(draft, compiled, deps);
    return problem === undefined ? [] : [problem];
  } catch (error) {
    if (error instanceof AppError && error.code === 'store_unavailable') return [];
    throw error;
  }
}

/** A refresh of segments of which none could be worked out has failed. */
function mustAnswer(result: RefreshResult, names: readonly string[]): RefreshResult {
  const [first] = result.left_out;
  if (first === undefined || names.length === 0 || result.left_out.length < new Set(names).size)
    return result;
  const others = result.left_out.length > 1 ? ` (and ${result.left_out.length - 1} more)` : '';
  throw new AppError('conflict', { message: `${first.segment} was left out${others}: ${first.problem}.` });
}

async function summarise(
  { warehouse, online, clock, released, uses }: SegmentServiceDeps,
  segments: readonly CompiledSegment[],
): Promise<SegmentSummary[]> {
  const set = released();
  const names = segments.map((segment) => segment.name);
  const built = (await online.get<Built>(BUILT_KEY)) ?? NOTHING_BUILT;
  const members = byName(await warehouse.query<{ segment: string; people: number }>(sizes(names)));
  const changes = byName(
    await warehouse.query<{ segment: string; entered: number; exited: number }>(
      changesSince(names, clock.now_ms() - 7 * DAY_MS),
    ),
  );
  const costs = byName(await warehouse.query<LastRefresh>(lastRefreshes()));
  const use = byName(await uses.list());
  return segments.map((segment) => {
    const { name, version, body, rule, streamable } = segment;
    const known = built.segments[name];
    const { entered = 0, exited = 0 } = changes.get(name) ?? {};
    const last = costs.get(name);
    const used_by = set.segments
      .filter((other) => other.rule.needs.segments.includes(name))
      .map((other) => other.name);
    const size = known === undefined || known.refreshed_ms === 0 ? null : (members.get(name)?.people ?? 0);
    const { label, description, owner, purpose, teams, sensitivity, exclude_bots, refresh } = body;
    return {
      ...{ name, label, description, owner, purpose, teams, sensitivity, version, exclude_bots },
      every: refresh.every,
      decided_by: isStreamed(segment) ? 'stream' : 'scan',
      state: isWorkedOut(segment, known) ? 'live' : isStuck(segment, known) ? 'failed' : 'building',
      problem: problemOf(segment, known)?.problem ?? null,
      use: use.get(name) ?? { state: 'pending', reasons: [] },
      people: size,
      entered_7d: entered,
      exited_7d: exited,
      refreshed_at: size === null || known === undefined ? null : new Date(known.refreshed_ms).toISOString(),
      cost:
        last === undefined
          ? null
          : { seconds: last.seconds, rows_read: last.rows_read, bytes_read: last.bytes_read },
      advice: adviseCadence({
        streamable,
        every: refresh.every,
        seconds: last?.seconds ?? null,
        together: last?.together ?? 0,
        people: size ?? 0,
        changes: entered + exited,
        watched_days: Math.min(7, (clock.now_ms() - (last?.since_ms ?? clock.now_ms())) / DAY_MS),
        used_by: used_by.length,
      }),
      uses: rule.needs.segments,
      used_by,
    };
  });
}

const byName = <T extends { readonly segment: string }>(rows: readonly T[]): Map<string, T> =>
  new Map(rows.map((row) => [row.segment, row]));

interface DayOfChanges {
  readonly grown: number;
  readonly entered: number;
  readonly exited: number;
}
const QUIET: DayOfChanges = { grown: 0, entered: 0, exited: 0 };

/** The size of today, and of each day before by what changed after it. */
function backFrom(size: number, days: number, today_ms: number, changes: ReadonlyMap<string, DayOfChanges>) {
  let people = size;
  return Array.from({ length: days }, (_, i) => {
    const day = new Date(today_ms - i * DAY_MS).toISOString().slice(0, 10);
    const { grown, entered, exited } = changes.get(day) ?? QUIET;
    const row = { day, people, entered, exited };
    people -= grown;
    return row;
  }).reverse();
}
