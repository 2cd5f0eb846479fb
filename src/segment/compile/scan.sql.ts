/**
 * Who is in which segment, for everybody at once. All rules ask their aggregates of ONE scan of events: a row is put to
 * each signal once, JSON is opened once a field and only on rows that can need it, people are grouped with one aggregate
 * for each different question, and the rules are expressions over those columns.
 */
import { EVENTS } from '../../collect/contract.ts';
import { join, param, type Sql, sql } from '../../kernel/sql.ts';
import { SESSIONS, type TraitSql } from '../../profile/contract.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { SEGMENT_MEMBERS } from '../contract.ts';
import type { ScanColumns } from '../predicates/predicate.ts';
import { OWN_SOURCE, type Signal } from '../rules/signal.ts';
import type { CompiledRule } from './compile-rule.ts';
import { countedUpTo, createEventRows, type EventRows, numbered, textKey } from './event-rows.sql.ts';
import type { CompiledSegment, SegmentSet } from './segment-set.ts';

/** A rule to be answered as of a moment. */
export interface Question {
  readonly rule: CompiledRule;
  readonly exclude_bots: boolean;
  readonly holds_for_nobody_known: boolean;
  readonly now_ms: number;
}

export const questionOf = (
  { rule, body, holds_for_nobody_known }: CompiledSegment,
  now_ms: number,
): Question => ({
  rule,
  exclude_bots: body.exclude_bots,
  holds_for_nobody_known,
  now_ms,
});

export interface ScanOptions {
  readonly sql: PersonSql;
  readonly traits: TraitSql;
  /** Other segments that rules may name. */
  readonly set: SegmentSet;
  /** Traits that change with time alone, as those with a window do. */
  readonly timed_traits?: ReadonlySet<string> | undefined;
  /** Events of the log after this position are left out; undefined: all count. */
  readonly position?: number | undefined;
  /** The latest moment of the questions; traits are read as of then, whatever the question's. */
  readonly now_ms: number;
  /** Only these people: a condition on `person`; and a query for all nodes that their events can stand at. */
  readonly people?: Sql | undefined;
  readonly nodes?: Sql | undefined;
}

/**
 * Query with columns `person UInt64`, `hits Array(UInt8)` (1 for each question that holds), `timed UInt8`: time may change
 * an answer. Only people with a hit or timed.
 */
export const scanSql = (questions: readonly Question[], options: ScanOptions): Sql =>
  planScan(questions, options).query;

/** The same, with about how much memory the engine needs for each person. */
export function planScan(
  questions: readonly Question[],
  options: ScanOptions,
): { readonly query: Sql; readonly bytes_per_person: number } {
  const scan = collectColumns(options);
  const written = createWritten();
  const hits = questions.map((question) => writeQuestion(question, scan, written, options.set).text);
  const sources = written.over(scan.sources());
  const timed = scan.timed();
  const answer = sql`SELECT person, ${listOf(hits)} AS hits, ${timed} AS timed FROM ${sources}`;
  return {
    query: sql`SELECT person, hits, timed FROM (${answer}) WHERE (has(hits, 1) OR timed) AND person != 0`,
    bytes_per_person: PERSON_BYTES + scan.columns() * COLUMN_BYTES,
  };
}

/** Measured with a mixed set; lists of moments weigh more, counts less. */
const PERSON_BYTES = 300;
const COLUMN_BYTES = 8;

const listOf = (parts: readonly Sql[]): Sql =>
  sql`[${join(
    parts.map((part) => sql`toUInt8(${part})`),
    ', ',
  )}]`;

/** An expression, and how many layers of columns stand below it. */
interface Layered {
  readonly text: Sql;
  readonly depth: number;
}

/**
 * A segment inside rules becomes a column that is written once: where each one names the one before it twice, writing
 * rules out in place would double the query with each. Columns that rest on others stand in a query around theirs.
 */
function writeQuestion(question: Question, scan: Collected, written: Written, set: SegmentSet): Layered {
  const { now_ms } = question;
  const known = written.answerOf(question);
  if (known !== undefined) return known;
  let depth = 0;
  const columns: ScanColumns = {
    now_ms,
    aggregate: scan.aggregate,
    moments: scan.moments,
    sessions: scan.sessions,
    trait: scan.trait,
    timed: scan.addTimed,
    derived: written.derived,
    segment(name) {
      const inner = set.get(name);
      if (inner === undefined) return scan.member(name);
      const asked = questionOf(inner, now_ms);
      const answer = written.keep(asked, writeQuestion(asked, scan, written, set));
      depth = Math.max(depth, answer.depth);
      return answer.text;
    },
  };
  const holds = question.rule.toSql(columns);
  if (!question.holds_for_nobody_known) return { text: holds, depth };
  scan.needEverybody();
  const is_there = question.exclude_bots ? sql`known` : sql`seen`;
  return { text: sql`(${is_there} AND ${holds})`, depth };
}

interface Written {
  answerOf(question: Question): Layered | undefined;
  /** The answer as a column, the same question once. */
  keep(question: Question, answer: Layered): Layered;
  /** A column made of the person's columns, the same text once. */
  derived(text: Sql): Sql;
  over(sources: Sql): Sql;
}

function createWritten(): Written {
  const answers = new Map<CompiledRule, Map<number, Layered>>();
  const derived = new Map<string, Column>();
  /** Those at `depth` rest on those before. The first are the derived ones. */
  const layers: Column[][] = [[]];
  let kept = 0;
  const answerOf = ({ rule, now_ms }: Question) => answers.get(rule)?.get(now_ms);
  return {
    answerOf,
    keep(question, { text, depth }) {
      const before = answerOf(question);
      if (before !== undefined) return before;
      const column = { name: numbered('g', kept++), text: sql`toBool(${text})` };
      const layer = Math.max(1, depth);
      layers[layer] = [...(layers[layer] ?? []), column];
      const answer = { text: column.name, depth: layer + 1 };
      const moments = answers.get(question.rule) ?? new Map<number, Layered>();
      answers.set(question.rule, moments.set(question.now_ms, answer));
      return answer;
    },
    derived(text) {
      const key = textKey(text);
      const found = derived.get(key) ?? { name: numbered('x', derived.size), text };
      if (!derived.has(key)) layers[0]?.push(found);
      derived.set(key, found);
      return found.name;
    },
    over: (sources) =>
      layers
        .filter((layer) => layer.length > 0)
        .reduce((below, layer) => sql`(SELECT *, ${listed(layer)} FROM ${below})`, sources),
  };
}

interface Collected extends Pick<ScanColumns, 'aggregate' | 'moments' | 'sessions'> {
  trait(name: string): Sql | undefined;
  member(name: string): Sql;
  addTimed(condition: Sql): void;
  needEverybody(): void;
  sources(): Sql;
  timed(): Sql;
  columns(): number;
}

/** Gathers columns while the rules are written, the same question once. */
function collectColumns(options: ScanOptions): Collected {
  const row = createEventRows();
  const aggregates = new Map<string, { name: Sql; text: Sql }>();
  const moments = new Map<
    string,
    { readonly name: Sql; readonly signal: Signal; readonly from_ms: number }
  >();
  const session_columns = new Map<string, { name: Sql; text: Sql }>();
  const traits = new Map<string, { name: Sql; query: Sql } | undefined>();
  const members = new Map<string, Sql>();
  const timed: Sql[] = [];
  let everybody = false;
  const unique = (map: Map<string, { name: Sql; text: Sql }>, prefix: string, text: Sql): Sql => {
    const key = textKey(text);
    const found = map.get(key) ?? { name: numbered(prefix, map.size), text };
    map.set(key, found);
    return found.name;
  };
  return {
    aggregate: (signal, from_ms, write) => unique(aggregates, 'a', write(row.of(signal, from_ms))),
    moments(signal, from_ms) {
      const found = moments.get(signal.key) ?? { name: numbered('l', moments.size), signal, from_ms };
      moments.set(signal.key, { ...found, from_ms: Math.min(found.from_ms, from_ms) });
      return found.name;
    },
    sessions: (text) => unique(session_columns, 's', text),
    trait(name) {
      if (!traits.has(name)) {
        const query = options.traits.traitQuery(name, options.now_ms);
        traits.set(name, query && { name: numbered('t', traits.size), query });
      }
      const column = traits.get(name)?.name;
      if (column !== undefined && options.timed_traits?.has(name)) timed.push(sql`${column} != ''`);
      return column;
    },
    member(name) {
      const column = members.get(name) ?? numbered('m', members.size);
      members.set(name, column);
      return column;
    },
    addTimed: (condition) => void timed.push(condition),
    needEverybody() {
      everybody = true;
    },
    sources() {
      const parts: Sql[] = [];
      const lists = [...moments.values()].map((one) => momentsColumn(one, row, options.now_ms));
      if (row.size() > 0) parts.push(eventsSql(row, [...aggregates.values(), ...lists], options));
      if (session_columns.size > 0) parts.push(sessionsSql([...session_columns.values()], options));
      const known = [...traits.values()].filter((one) => one !== undefined);
      if (known.length > 0) parts.push(traitsSql(known, options));
      if (members.size > 0) parts.push(membersSql(members, options));
      if (everybody) parts.push(everybodySql(options));
      if (parts.length === 0) return sql`(SELECT toUInt64(0) AS person)`;
      // Nested, not side by side: only then does the second join see who came from the right side of the first.
      return parts
        .map((part) => sql`(${part})`)
        .reduce(
          (left, right) => sql`(SELECT * FROM ${left} AS l FULL OUTER JOIN ${right} AS r USING (person))`,
        );
    },
    columns: () => aggregates.size + 8 * moments.size + 4 * traits.size + session_columns.size,
    timed() {
      const conditions = row.size() > 0 ? [...timed, sql`ahead > 0`] : timed;
      const different = [...new Map(conditions.map((one) => [textKey(one), one])).values()];
      return different.length === 0 ? sql`false` : sql`(${join(different, ' OR ')})`;
    },
  };
}

function momentsColumn(
  { name, signal, from_ms }: { readonly name: Sql; readonly signal: Signal; readonly from_ms: number },
  row: EventRows,
  now_ms: number,
): Column {
  const { is, at, position } = row.of(signal, from_ms);
  const text = sql`arraySort(groupArrayIf((${at}, ${position}), ${is} AND ${at} >= ${from_ms} AND ${at} <= ${now_ms}))`;
  return { name, text };
}

/** Of one query, before and after names are put in: a rule as long as one may be takes a third of it. */
const QUERY_PARTS = 500_000;
export const SIZE_SETTINGS = sql`SETTINGS max_ast_elements = ${QUERY_PARTS}, max_expanded_ast_elements = ${QUERY_PARTS}`;

/**
 * To be put after a query around the scan. Short-circuit evaluation would work a shared column out again for each condition
 * that it stands in; nothing here fails or is slow where it need not be evaluated.
 */
export const SCAN_SETTINGS = sql`${SIZE_SETTINGS}, short_circuit_function_evaluation = 'disable'`;

/** Of one query; more people than fit are scanned in parts. */
const MEMORY_BYTES = 4 * 1_073_741_824;
export const SCAN_PEOPLE_BYTES = 1_600_000_000;

/** Of rows that are worked on together: a hundred conditions have a hundred steps a block, so it must not be small. */
const BLOCK_BYTES = 8_000_000;

/** The same for a scan so large that compiling its expressions pays, with room for everybody. */
export const LARGE_SCAN_SETTINGS = sql`${SCAN_SETTINGS}, max_memory_usage = ${MEMORY_BYTES}, preferred_block_size_bytes = ${BLOCK_BYTES}, min_count_to_compile_expression = 0, min_count_to_compile_aggregate_expression = 0`;

interface Column {
  readonly name: Sql;
  readonly text: Sql;
}

const listed = (columns: readonly Column[]): Sql =>
  join(
    columns.map(({ name, text }) => sql`${text} AS ${name}`),
    ', ',
  );

const eventsSql = (row: EventRows, aggregates: readonly Column[], options: ScanOptions): Sql => sql`
SELECT person, ${listed(aggregates)}, countIf(at_ms > ${options.now_ms}) AS ahead
FROM (${row.select({
  people: options.sql,
  columns: [sql`${options.sql.person} AS person`],
  conditions: boundsOf(options),
  only_signals: true,
})}
)
WHERE ${wantedPeople(options)}
GROUP BY person`;

/** Everybody with an event: `seen`, and `known` when one of them was a person's own doing. */
const everybodySql = (options: ScanOptions): Sql => sql`
SELECT person, toUInt8(1) AS seen, max(bot = 0 AND source_id != ${OWN_SOURCE}) AS known
FROM (
  SELECT ${options.sql.person} AS person, bot, source_id FROM ${EVENTS} ${options.sql.join}
  WHERE ${join([sql`node != 0`, ...boundsOf(options)], ' AND ')}
)
WHERE ${wantedPeople(options)}
GROUP BY person`;

const sessionsSql = (columns: readonly Column[], options: ScanOptions): Sql => sql`
SELECT person, ${listed(columns)}
FROM (
  SELECT reinterpretAsUInt64(reverse(unhex(person_id))) AS person, toUnixTimestamp64Milli(started_at) AS started_ms,
    toUnixTimestamp64Milli(ended_at) AS ended_ms, pages, events, campaign
  FROM ${SESSIONS} FINAL
  WHERE removed = 0 AND bot = 0 AND runaway = 0 AND length(person_id) = 16
)
WHERE ${wantedPeople(options)}
GROUP BY person`;

function traitsSql(traits: readonly { name: Sql; query: Sql }[], options: ScanOptions): Sql {
  const columns = traits.map(({ name }, nth) => ({ name, text: sql`anyIf(value, nth = ${nth})` }));
  const rows = traits.map(({ query }, nth) => sql`SELECT person, ${nth} AS nth, value FROM (${query})`);
  return sql`
SELECT person, ${listed(columns)} FROM (${join(rows, ' UNION ALL ')}) WHERE ${wantedPeople(options)} GROUP BY person`;
}

function membersSql(members: ReadonlyMap<string, Sql>, options: ScanOptions): Sql {
  const columns = [...members].map(([segment, name]) => ({ name, text: sql`max(segment = ${segment})` }));
  return sql`
SELECT person, ${listed(columns)} FROM ${SEGMENT_MEMBERS} FINAL
WHERE member = 1 AND segment IN (${param([...members.keys()], 'Array(String)')}) AND ${wantedPeople(options)}
GROUP BY person`;
}

const boundsOf = ({ position, nodes }: ScanOptions): Sql[] => [
  ...(position === undefined ? [] : [countedUpTo(position)]),
  ...(nodes === undefined ? [] : [sql`node IN (${nodes})`]),
];

const wantedPeople = ({ people }: ScanOptions): Sql => people ?? sql`person != 0`;
