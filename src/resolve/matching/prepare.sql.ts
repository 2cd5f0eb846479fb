/** From a source of cleaned records to a table with numbers, keys and term frequencies. */
import { empty, ident, join, type Sql, sql, type TableRef, table } from '../../kernel/sql.ts';
import { hasItem, keyColumn, keyOfRule } from './blocking.sql.ts';
import { derivedColumns, typeOf, valueColumn } from './clean.sql.ts';
import { frequencyColumn, levelColumn } from './levels.sql.ts';
import type { KeyRule, MatchingRules } from './rules.ts';

/** Tables of one run, gone when it ends. */
export interface Scratch {
  readonly raw: TableRef;
  readonly records: TableRef;
  readonly pairs: TableRef;
  /** What becomes of pairs, by record number. */
  readonly decided: TableRef;
  /** Identifiers that the identity rules did not let in. */
  readonly dropped: TableRef;
}

/** `token`: letters and digits. */
export const scratchOf = (token: string): Scratch => ({
  raw: table(`matching_scratch_${token}_raw`),
  records: table(`matching_scratch_${token}_records`),
  pairs: table(`matching_scratch_${token}_pairs`),
  decided: table(`matching_scratch_${token}_decided`),
  dropped: table(`matching_scratch_${token}_dropped`),
});

/** Work tables need not survive a crash: nobody waits for the disk. */
const WORK_TABLE = sql`SETTINGS fsync_after_insert = 0, fsync_part_directory = 0`;
/** Of a large INSERT … SELECT: blocks of a size that bounds memory. */
export const WORK_INSERT = sql`SETTINGS min_insert_block_size_rows = 1000000, min_insert_block_size_bytes = 134217728,
  max_insert_block_size = 1000000, max_bytes_before_external_sort = 500000000`;

/** Blocking rules first, then the rules of the prior. */
export const allKeys = (rules: MatchingRules): (readonly KeyRule[])[] => [
  ...rules.blocking,
  ...(rules.prior.from === 'rules' ? rules.prior.rules : []),
];

const frequencyFields = (rules: MatchingRules) =>
  rules.comparisons.flatMap((c, i) => (c.term_frequency ? [{ index: i, field: c.field }] : []));

function columns(rules: MatchingRules): { column: Sql; type: Sql }[] {
  return [
    { column: sql`n`, type: sql`UInt32` },
    { column: sql`side`, type: sql`UInt8` },
    { column: sql`record_id`, type: sql`String` },
    { column: sql`identifier`, type: sql`String` },
    { column: sql`person`, type: sql`UInt64` },
    { column: sql`consent`, type: sql`UInt8` },
    ...rules.fields.flatMap((f) => [{ column: valueColumn(f.name), type: typeOf(f) }, ...derivedColumns(f)]),
    ...allKeys(rules).map((keys, i) => ({
      column: keyColumn(i),
      type: hasItem(keys) ? sql`Array(UInt64)` : sql`UInt64`,
    })),
  ];
}

export function createTables(
  rules: MatchingRules,
  { raw, records, pairs, decided, dropped }: Scratch,
): Sql[] {
  const base = columns(rules).map(({ column, type }) => sql`${column} ${type}`);
  const frequencies = frequencyFields(rules).map(({ index }) => sql`${frequencyColumn(index)} Float32`);
  const levels = rules.comparisons.map((_, i) => sql`${levelColumn(i)} UInt8`);
  return [
    sql`CREATE TABLE ${raw} (${join(base, ', ')}) ENGINE = MergeTree ORDER BY n ${WORK_TABLE}`,
    sql`CREATE TABLE ${records} (${join([...base, ...frequencies], ', ')}) ENGINE = MergeTree ORDER BY n ${WORK_TABLE}`,
    sql`CREATE TABLE ${pairs} (${join([sql`l UInt32, r UInt32, mask UInt32`, ...levels, ...frequencies], ', ')})
      ENGINE = MergeTree ORDER BY tuple() ${WORK_TABLE}`,
    sql`CREATE TABLE ${decided} (l UInt32, r UInt32, reason LowCardinality(String), group UInt32)
      ENGINE = MergeTree ORDER BY (l, r) ${WORK_TABLE}`,
    sql`CREATE TABLE ${dropped} (identifier String) ENGINE = MergeTree ORDER BY identifier ${WORK_TABLE}`,
  ];
}

export const dropTables = (scratch: Scratch): Sql[] =>
  Object.values(scratch).map((each: TableRef) => sql`DROP TABLE IF EXISTS ${each}`);

/** `source`: see `recordSource`. Numbers follow side and id, so the order of rows does not matter. */
export function fillRaw(rules: MatchingRules, source: Sql, { raw }: Scratch): Sql {
  const values = rules.fields.flatMap((f) => [valueColumn(f.name), ...derivedColumns(f).map((d) => d.value)]);
  const keys = allKeys(rules).map(keyOfRule);
  return sql`INSERT INTO ${raw}
    SELECT row_number() OVER (ORDER BY side, record_id) - 1, side, record_id, identifier, person, consent, ${join([...values, ...keys], ', ')}
    FROM (${source}) ${WORK_INSERT}`;
}

/** The same records with term frequencies, and without the keys of blocks with more pairs than `caps` allows each rule. */
export function fillRecords(rules: MatchingRules, caps: readonly number[], { raw, records }: Scratch): Sql {
  const keys = allKeys(rules).map((rule, i) => {
    const large = sql`(SELECT key FROM (${blocks(rules, rule, i, raw)}) WHERE pairs > ${caps[i] ?? 0})`;
    return hasItem(rule)
      ? sql`arrayFilter(k -> k NOT IN ${large}, ${keyColumn(i)})`
      : sql`if(${keyColumn(i)} IN ${large}, 0, ${keyColumn(i)})`;
  });
  const values = columns(rules)
    .map(({ column }) => column)
    .slice(0, -keys.length);
  const frequencies = frequencyFields(rules).map(({ index }) => sql`${frequencyColumn(index)}`);
  const joins = frequencyFields(rules).map(({ index, field }) => {
    const value = valueColumn(field);
    const [known, shares] = [ident(`v${index}`), ident(`s${index}`)];
    return sql` LEFT ANY JOIN (SELECT ${value} AS ${known}, toFloat32(count() / sum(count()) OVER ()) AS ${frequencyColumn(index)}
      FROM ${raw} WHERE ${value} != '' GROUP BY ${value}) AS ${shares} ON ${value} = ${shares}.${known}`;
  });
  return sql`INSERT INTO ${records} SELECT ${join([...values, ...keys, ...frequencies], ', ')}
    FROM ${raw}${joins.length === 0 ? empty : join(joins, '\n')} ${WORK_INSERT}`;
}

/** Blocks of a rule: `key`, and how many pairs it holds. */
function blocks(rules: MatchingRules, rule: readonly KeyRule[], i: number, from: TableRef): Sql {
  const pairs =
    rules.mode === 'link'
      ? sql`countIf(side = 0) * countIf(side = 1)`
      : sql`intDiv(count() * (count() - 1), 2)`;
  const key = hasItem(rule) ? sql`arrayJoin(${keyColumn(i)})` : keyColumn(i);
  return sql`SELECT ${key} AS key, ${pairs} AS pairs FROM ${from} GROUP BY key HAVING key != 0 AND pairs > 0`;
}

export interface BlockSizes {
  readonly pairs: number;
  readonly blocks: number;
}

/** How many blocks have how many pairs, the largest first: BlockSizes. */
export const blockSizes = (rules: MatchingRules, i: number, { raw }: Scratch): Sql => sql`
  SELECT pairs, count() AS blocks FROM (${blocks(rules, allKeys(rules)[i] ?? [], i, raw)}) GROUP BY pairs ORDER BY pairs DESC`;

/** Records on each side. */
export const recordCounts = ({ raw }: Scratch): Sql =>
  sql`SELECT countIf(side = 0) AS left, countIf(side = 1) AS right FROM ${raw}`;
