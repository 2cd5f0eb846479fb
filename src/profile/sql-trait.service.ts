import { EVENTS } from '../collect/contract.ts';
import { type Clock, HOUR_MS } from '../kernel/clock.ts';
import { AppError } from '../kernel/errors.ts';
import { hexOf } from '../kernel/key64.ts';
import type { Logger } from '../kernel/logger.ts';
import { type Sql, sql, statement } from '../kernel/sql.ts';
import type { Turns } from '../kernel/turns.ts';
import type { NodeId, PersonNodeSql } from '../resolve/contract.ts';
import type { OnlineStore, Put } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { ComputedTraits, SqlTrait } from './computed/compile.ts';
import { definedNames, sqlPieces, sqlProblem, treeProblem } from './computed/sql-trait.ts';
import { TRAITS } from './contract.ts';
import type { NodeStates } from './node-states.service.ts';
import type { ProfileStep } from './profile.step.ts';
import { type NodeDraft, newDraft, own } from './state/node-state.ts';
import { nodeKey, REVISION_KEY } from './state/profile-keys.ts';
import { fold, type Register, VALUE_MAX } from './state/register.ts';
import { traitRows } from './state/trait-rows.ts';

/** How a trait in SQL went the last time. */
export interface SqlTraitRun {
  readonly id: string;
  readonly ran_ms: number;
  readonly people: number;
  readonly problem: string;
}

export const sqlTraitKey = (name: string): string => `sql-trait:${name}`;

const QUERY_MS = 120_000;
const CHANGES_MAX = 5_000_000;
const WRITE_PEOPLE = 2_000;

/**
 * `person, value` of a SQL trait, its holes filled. Refuses what may not run: first by its text, then by the parse tree
 * that the engine makes of it. Nothing but a plan is made before both have passed.
 */
export async function checkedTraitSql(
  text: string,
  warehouse: Warehouse,
  people: PersonNodeSql,
): Promise<Sql> {
  const refused = (message: string) => new AppError('invalid_input', { message, field: 'sql', rule: 'sql' });
  const problem = sqlProblem(text);
  if (problem !== undefined) throw refused(problem);
  // The person's own words are judged without ours.
  const bare = fill(text, sql`node`, sql`${EVENTS}`);
  const lines = await warehouse
    .query<{ explain: string }>(sql`EXPLAIN AST SELECT * FROM (${bare})`)
    .catch(() => {
      throw refused('The SQL cannot be read: check it with SELECT … FROM events.');
    });
  // A name of its own must not be that of a table, which it would open elsewhere in the text.
  const tables = await warehouse.query<{ name: string }>(
    sql`SELECT name FROM system.tables WHERE database = currentDatabase()`,
  );
  const own = new Set(definedNames(text)).difference(new Set(tables.map((table) => table.name)));
  const found = treeProblem(
    lines.map((line) => line.explain),
    new Set(['events', ...own]),
  );
  if (found !== undefined) throw refused(found);
  return fill(text, people.person, sql`${EVENTS} ${people.join}`);
}

function fill(text: string, person: Sql, events: Sql): Sql {
  const { texts, holes } = sqlPieces(text);
  const chunks = texts.flatMap((piece, i) => {
    const hole = holes[i];
    return hole === undefined ? [statement(piece)] : [statement(piece), hole === 'person' ? person : events];
  });
  return { is: 'sql', chunks };
}

/** Runs the traits that are due and keeps what changed. */
export function createSqlTraits(deps: {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly turns: Turns;
  readonly sql: PersonNodeSql;
  readonly computed: () => ComputedTraits;
  readonly states: NodeStates;
  readonly step: ProfileStep;
}) {
  const { online, warehouse, clock, logger, turns, sql: people, states, step } = deps;

  async function changesOf(trait: SqlTrait): Promise<{ person: NodeId; value: string }[]> {
    const query = await checkedTraitSql(trait.body.sql, warehouse, people);
    return warehouse.query<{ person: NodeId; value: string }>(
      sql`SELECT ${hexOf(sql`toUInt64(p)`)} AS person, if(isNew = 0, 'null', v) AS value FROM (
  SELECT if(made.p = 0, stored.node, made.p) AS p, made.v AS v, made.p != 0 AS isNew, stored.old AS old
  FROM (SELECT toUInt64(person) AS p, toJSONString(value) AS v FROM (${query})) AS made
  FULL OUTER JOIN (SELECT node, value AS old FROM ${TRAITS} FINAL WHERE trait = ${trait.name} AND source_id = 'computed') AS stored
    ON made.p = stored.node
) WHERE if(isNew = 0, 'null', v) != old AND p != 0 LIMIT ${CHANGES_MAX}`,
      { timeout_ms: QUERY_MS },
    );
  }

  async function write(name: string, changes: readonly { person: NodeId; value: string }[]): Promise<void> {
    const passOn = await turns.take();
    try {
      const at_ms = clock.now_ms();
      const before = await states.get(changes.map((change) => change.person));
      const version = await step.nextRevision();
      const lines: string[] = [];
      const put: Put[] = [];
      const drafts: [NodeId, NodeDraft][] = [];
      changes.forEach(({ person, value }, i) => {
        if (value.length > VALUE_MAX) return;
        const draft = newDraft(before[i]);
        const register: Register = [value, at_ms, 'computed'];
        draft.traits[name] = fold(name, own(draft.traits, name), register);
        lines.push(...traitRows(person, before[i], draft, [name], version));
        put.push({ key: nodeKey(person), value: draft });
        drafts.push([person, draft]);
      });
      await warehouse.insert(TRAITS, lines);
      await online.commit({ put: [...put, { key: REVISION_KEY, value: version }] });
      for (const [node, draft] of drafts) states.put(node, draft);
    } finally {
      passOn();
    }
  }

  async function run(trait: SqlTrait): Promise<void> {
    let people_changed = 0;
    let problem = '';
    try {
      const changes = await changesOf(trait);
      people_changed = changes.length;
      for (let at = 0; at < changes.length; at += WRITE_PEOPLE)
        await write(trait.name, changes.slice(at, at + WRITE_PEOPLE));
    } catch (error) {
      problem = error instanceof AppError ? error.details.message : 'The query failed; try it in a preview.';
      logger.warn({ trait: trait.id }, 'a trait in SQL did not run');
    }
    const done: SqlTraitRun = { id: trait.id, ran_ms: clock.now_ms(), people: people_changed, problem };
    await online.commit({ put: [{ key: sqlTraitKey(trait.name), value: done }] });
  }

  return {
    async runDue(signal: AbortSignal): Promise<void> {
      for (const trait of deps.computed().of_sql.values()) {
        if (signal.aborted) return;
        const last = await online.get<SqlTraitRun>(sqlTraitKey(trait.name));
        const due_ms = last?.id === trait.id ? last.ran_ms + trait.body.every_hours * HOUR_MS : 0;
        if (clock.now_ms() >= due_ms) await run(trait);
      }
    },
  };
}
