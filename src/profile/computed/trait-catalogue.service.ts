import type { Definitions } from '../../govern/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { PersonNodeSql } from '../../resolve/contract.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { TraitSql } from '../contract.ts';
import { originOf, settingsOf, traitSettings } from '../people/trait-settings.ts';
import { readReady } from '../rebuild.service.ts';
import { checkedTraitSql, type SqlTraitRun, sqlTraitKey } from '../sql-trait.service.ts';
import type { ReadyTraits } from '../state/profile-keys.ts';
import { type ComputedTraits, compileTrait, type EventTrait, type SqlTrait } from './compile.ts';
import { computedQuery } from './computed.sql.ts';
import { computedTraitKind } from './computed-trait-kind.ts';
import type { ComputedTraitView, TraitNameView } from './trait-schema.ts';

export interface TraitCatalogue {
  names(): Promise<TraitNameView[]>;
  computed(): Promise<ComputedTraitView[]>;
  preview(
    name: string,
    body: unknown,
  ): Promise<{ people: number; values: { value: unknown; people: number }[]; took_ms: number }>;
}

const PREVIEW_MS = 20_000;

export function createTraitCatalogue(deps: {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly sql: PersonNodeSql;
  readonly traits: TraitSql;
  readonly computed: () => ComputedTraits;
}): TraitCatalogue {
  const { warehouse, online, clock, sql: people, computed } = deps;

  const queryOf = (trait: EventTrait | SqlTrait): Promise<Sql> | Sql =>
    'calculation' in trait
      ? computedQuery(trait, people, clock.now_ms())
      : checkedTraitSql(trait.body.sql, warehouse, people).then(
          (query) => sql`SELECT toUInt64(person) AS person, toJSONString(value) AS value FROM (${query})`,
        );

  return {
    async names() {
      const settings = traitSettings(deps.definitions);
      const { of_events, of_sql } = computed();
      return (await deps.traits.traitNames()).map(({ name, types, people: count }) => {
        const { label, unit, sensitive, fresh_for_days } = settingsOf(settings, name);
        const isMade = of_events.has(name) || of_sql.has(name);
        const isStored = !of_events.has(name) && name !== '$first_seen' && name !== '$last_seen';
        return {
          name,
          types: [...types],
          people: isStored ? count : null,
          origin: isMade ? 'computed' : originOf(name),
          label,
          unit,
          sensitive,
          fresh_for_days,
        } as const;
      });
    },
    async computed() {
      const { of_events, of_sql } = computed();
      const ready = await readReady(online);
      const sql_names = [...of_sql.keys()];
      const runs = await online.getMany<SqlTraitRun>(sql_names.map(sqlTraitKey));
      const views = [...of_events.values()].map((trait) => countedView(trait, ready));
      const in_sql = [...of_sql.values()].map((trait, i) => sqlView(trait, runs[i]));
      return [...views, ...in_sql].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
    async preview(name, body) {
      const problems = computedTraitKind.check(body, name);
      if (problems.length > 0)
        throw new AppError('invalid_input', {
          message: problems.map((p) => p.message).join(' '),
          issues: problems,
          ...(problems[0] === undefined ? {} : { field: `body.${problems[0].field}` }),
        });
      const started_ms = clock.now_ms();
      const query = await queryOf(compileTrait(name, body));
      const rows = await warehouse
        .query<{ value: string; people: number; all: number }>(
          sql`SELECT value, count() AS people, sum(people) OVER () AS all FROM (${query}) GROUP BY value ORDER BY people DESC, value LIMIT 10`,
          { timeout_ms: PREVIEW_MS },
        )
        .catch((error: unknown) => {
          throw refusalOf(error);
        });
      return {
        people: rows[0]?.all ?? 0,
        values: rows.map(({ value, people: count }) => ({
          value: JSON.parse(value) as unknown,
          people: count,
        })),
        took_ms: clock.now_ms() - started_ms,
      };
    },
  };
}

/** Wrong SQL is the writer's to mend. The warehouse has taken values out of the engine's words. */
function refusalOf(error: unknown): unknown {
  const said = error instanceof AppError ? undefined : /DB::Exception: (.*)/s.exec(String(error))?.[1];
  if (said === undefined) return error;
  const message = `The query does not run: ${said.slice(0, 300)}`;
  return new AppError('invalid_input', { message, field: 'body.sql', rule: 'sql' });
}

function countedView(trait: EventTrait, { ready, counting }: ReadyTraits): ComputedTraitView {
  const isReady = ready[trait.name] === trait.id;
  const isCounting = counting?.ids[trait.name] === trait.id;
  return {
    name: trait.name,
    version: trait.version,
    description: trait.body.description,
    calc: trait.body.calc,
    body: trait.body,
    state: isReady ? 'ready' : 'computing',
    progress: isReady ? 1 : isCounting ? counting.share : 0,
    last_run_at: null,
    problem: '',
  };
}

function sqlView(trait: SqlTrait, run: SqlTraitRun | undefined): ComputedTraitView {
  const last = run?.id === trait.id ? run : undefined;
  return {
    name: trait.name,
    version: trait.version,
    description: trait.body.description,
    calc: 'sql',
    body: trait.body,
    state: last === undefined ? 'computing' : last.problem === '' ? 'ready' : 'failed',
    progress: last === undefined ? 0 : 1,
    last_run_at: last === undefined ? null : new Date(last.ran_ms).toISOString(),
    problem: last?.problem ?? '',
  };
}
