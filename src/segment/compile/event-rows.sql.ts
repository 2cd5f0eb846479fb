/** Rows of `events` as signals see them: one boolean for each signal, raw JSON for each field, each written once. */
import { EVENTS, IMPORT_BASE } from '../../collect/contract.ts';
import { ident, join, param, type Sql, sql } from '../../kernel/sql.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { EVER_MS, type EventColumns } from '../predicates/predicate.ts';
import { type EventField, fieldSql } from '../rules/event-field.ts';
import type { Signal } from '../rules/signal.ts';

export interface EventRows {
  /** Names of the signal's columns; asked for the first time, it becomes one of the row. Needed from `from_ms` on. */
  of(signal: Signal, from_ms: number): EventColumns;
  /** Signals that were asked for. */
  readonly size: () => number;
  /** `SELECT …, at_ms, position, … FROM events …`. `only_signals` leaves out rows that no signal can be of or needs. */
  select(input: {
    readonly people: PersonSql;
    /** Further columns, each with its name. */
    readonly columns: readonly Sql[];
    readonly conditions: readonly Sql[];
    readonly only_signals: boolean;
  }): Sql;
}

export const numbered = (prefix: string, n: number): Sql => ident(`${prefix}${n}`);

/** The same text is the same column. */
export const textKey = (text: Sql): string => JSON.stringify(text.chunks);

interface FieldColumn {
  readonly field: EventField;
  readonly name: Sql;
  /** JSON is opened only on rows that one of these holds for. */
  readonly users: Map<string, Sql>;
}

/** Events of one type and name, and since when any signal among them can need one. */
interface Kind {
  readonly broad: Sql;
  readonly from_ms: number;
}

/** By `timestamp`, of which the warehouse keeps bounds for each few thousand rows: what is older is not even read. */
const sinceSql = ({ broad, from_ms }: Kind): Sql =>
  from_ms <= EVER_MS
    ? broad
    : sql`(${broad} AND timestamp >= fromUnixTimestamp64Milli(${Math.floor(from_ms)}, 'UTC'))`;

export function createEventRows(): EventRows {
  const signals = new Map<string, { readonly signal: Signal; readonly name: Sql }>();
  const fields = new Map<string, FieldColumn>();
  const kinds = new Map<string, Kind>();
  const rawOf =
    (signal: Signal) =>
    (field: EventField): Sql => {
      const found = fields.get(field.name) ?? { field, name: numbered('f', fields.size), users: new Map() };
      fields.set(field.name, found);
      found.users.set(textKey(signal.broad), signal.broad);
      return found.name;
    };
  return {
    size: () => signals.size,
    of(signal, from_ms) {
      const broad = textKey(signal.broad);
      const kind = kinds.get(broad);
      kinds.set(broad, { broad: signal.broad, from_ms: Math.min(from_ms, kind?.from_ms ?? from_ms) });
      const found = signals.get(signal.key) ?? { signal, name: numbered('e', signals.size) };
      signals.set(signal.key, found);
      const value = signal.value === undefined ? sql`''` : rawOf(signal)(signal.value);
      return { is: found.name, at: sql`at_ms`, position: sql`position`, value };
    },
    select({ people, columns, conditions, only_signals }) {
      const all = [...signals.values()];
      // Written first: their conditions ask for fields.
      const flags = all.map(({ signal, name }) => sql`${signal.toSql(rawOf(signal))} AS ${name}`);
      const values = [...fields.values()].map(
        ({ field, name, users }) => sql`${fieldSql(field, join([...users.values()], ' OR '))} AS ${name}`,
      );
      const some = only_signals ? [sql`(${join([...kinds.values()].map(sinceSql), ' OR ')})`] : [];
      const bots = only_signals && all.every(({ signal }) => signal.exclude_bots) ? [sql`bot = 0`] : [];
      const where = join([sql`node != 0`, ...some, ...bots, ...conditions], ' AND ');
      const moment = sql`toUnixTimestamp64Milli(timestamp) AS at_ms`;
      return sql`
  SELECT ${join([...columns, moment, sql`position`, ...values, ...flags], ', ')}
  FROM ${EVENTS} ${people.join}
  WHERE ${where}`;
    },
  };
}

/** Events of the log up to a position, and all that were imported. */
export const countedUpTo = (position: number): Sql =>
  sql`(position <= ${param(position, 'UInt64')} OR position >= ${param(IMPORT_BASE, 'UInt64')})`;
