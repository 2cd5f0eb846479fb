import { hexOf, keysOf } from '../../kernel/key64.ts';
import { join, param, type Sql, sql } from '../../kernel/sql.ts';
import type { Json } from '../../profile/contract.ts';
import type { PersonNodeSql } from '../../resolve/contract.ts';
import { countedUpTo, createEventRows } from '../compile/event-rows.sql.ts';
import { SIZE_SETTINGS } from '../compile/scan.sql.ts';
import { EVER_MS } from '../predicates/predicate.ts';
import { byMoment, type Mark, OWN_SOURCE, type Signal } from '../rules/signal.ts';
import { MARKS_MAX, type NodeHistory } from './node-history.ts';

interface Row {
  readonly owner: string;
  readonly known: 0 | 1;
  /** For each signal the newest marks: moment, position, raw JSON of the value. */
  readonly marks: readonly (readonly (readonly [at_ms: number, position: number, value: string])[])[];
}

/** Raw keys of nodes, from (inclusive) to (exclusive); the last range has no end. */
export interface NodeRange {
  readonly from: bigint;
  readonly to: bigint | undefined;
}

/** The whole range of keys in `count` equal parts. */
export const nodeRanges = (count: number): NodeRange[] =>
  Array.from({ length: count }, (_, i) => ({
    from: (BigInt(i) << 64n) / BigInt(count),
    to: i + 1 === count ? undefined : (BigInt(i + 1) << 64n) / BigInt(count),
  }));

export const inRange = ({ from, to }: NodeRange): Sql =>
  to === undefined
    ? sql`node >= ${param(from, 'UInt64')}`
    : sql`node >= ${param(from, 'UInt64')} AND node < ${param(to, 'UInt64')}`;

export const amongNodes = (nodes: readonly string[]): Sql => sql`node IN ${keysOf(nodes)}`;

/** What the stream would have kept of these events: one row a node as the stream knows it. */
export function historiesSql(
  signals: readonly Signal[],
  options: { readonly sql: PersonNodeSql; readonly where: Sql; readonly position: number },
): Sql {
  const rows = createEventRows();
  const lists = signals.map((signal) => {
    const { is, at, position, value } = rows.of(signal, EVER_MS);
    // One more than is kept tells that there are too many.
    return sql`arraySlice(arraySort(groupArrayIf((${at}, ${position}, ${value}), ${is})), ${-(MARKS_MAX + 1)})`;
  });
  const events = rows.select({
    people: options.sql,
    columns: [sql`${options.sql.node} AS owner`, sql`bot`, sql`source_id`],
    conditions: [options.where, countedUpTo(options.position)],
    only_signals: false,
  });
  return sql`
SELECT ${hexOf(sql`owner`)} AS owner, max(bot = 0 AND source_id != ${OWN_SOURCE}) AS known, [${join(lists, ', ')}] AS marks
FROM (${events})
GROUP BY owner ${SIZE_SETTINGS}`;
}

/** A row over what was kept before: other signals stay as they are. */
export function readHistory(
  row: Row,
  signals: readonly Signal[],
  before: NodeHistory | undefined,
  position: number,
): NodeHistory {
  const marks: Record<string, readonly Mark[]> = { ...before?.marks };
  const overfull = new Set(before?.overfull ?? []);
  signals.forEach(({ key, value }, i) => {
    const list = (row.marks[i] ?? []).map(
      ([at_ms, at, raw]): Mark => [
        at_ms,
        at,
        value === undefined || raw === '' ? null : (JSON.parse(raw) as Json),
      ],
    );
    overfull.delete(key);
    if (list.length > MARKS_MAX) overfull.add(key);
    if (list.length === 0) delete marks[key];
    else marks[key] = list.sort(byMoment).slice(-MARKS_MAX);
  });
  return {
    position: Math.max(before?.position ?? 0, position),
    seen: true,
    known: row.known === 1,
    marks,
    overfull: [...overfull],
  };
}

export type HistoryRow = Row;
