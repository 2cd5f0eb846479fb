/** Puts a rule to the engine without asking anybody: what cannot run is found before it is released. */
import { sql } from '../../kernel/sql.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { type PlacedPattern, patternsIn } from '../rules/patterns.ts';
import type { RuleProblem } from '../rules/rule.ts';
import { problemOf } from './engine-problem.service.ts';
import { questionOf, SCAN_SETTINGS, scanSql } from './scan.sql.ts';
import type { CompiledSegment, SegmentSet } from './segment-set.ts';

interface Deps {
  readonly warehouse: Warehouse;
  readonly sql: PersonSql;
  readonly traits: TraitSql;
}

/** What keeps the engine from answering; undefined when nothing does. */
export type TryOut = (segment: CompiledSegment, set: SegmentSet) => Promise<string | undefined>;

export const createTryOut =
  (deps: Deps): TryOut =>
  async (segment, set) =>
    (await ruleProblem(segment, set, deps))?.message;

/** The same with its place. Faults of the machine are nobody's rule: they are thrown. */
export async function ruleProblem(
  segment: CompiledSegment,
  set: SegmentSet,
  { warehouse, ...scan }: Deps,
): Promise<RuleProblem | undefined> {
  for (const { place, source } of patternsOf(segment, set)) {
    // Over no rows the engine would not read it.
    const problem = await problemOf(warehouse.query(sql`SELECT match('a', ${source}) AS is`));
    if (problem !== undefined) return { field: place, message: problem };
  }
  const query = scanSql([questionOf(segment, 0)], {
    ...scan,
    set,
    now_ms: 0,
    people: sql`false`,
    nodes: sql`SELECT toUInt64(0) WHERE false`,
  });
  const over = sql`SELECT count() AS people FROM (${query}) ${SCAN_SETTINGS}`;
  const problem = await problemOf(warehouse.query(over));
  return problem === undefined ? undefined : { field: 'rule', message: problem };
}

/** Its own first, then those of all segments inside it. */
function patternsOf(segment: CompiledSegment, set: SegmentSet): PlacedPattern[] {
  const found: PlacedPattern[] = [];
  const seen = new Set<string>();
  const look = ({ name, body, rule }: CompiledSegment): void => {
    if (seen.has(name)) return;
    seen.add(name);
    const own = patternsIn(body.rule);
    found.push(...(name === segment.name ? own : own.map(({ source }) => ({ place: 'rule', source }))));
    for (const inner of rule.needs.segments) {
      const there = set.get(inner);
      if (there !== undefined) look(there);
    }
  };
  look(segment);
  return found;
}
