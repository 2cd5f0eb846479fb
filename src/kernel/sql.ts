/**
 * SQL as chunks: text, typed values and table references, rendered for each engine. No value is ever spliced in
 * by hand; the one place that writes a literal is `literal()` below.
 */
export type SqlType =
  | 'String'
  | 'Bool'
  | 'Int64'
  | 'UInt64'
  | 'UInt32'
  | 'Float64'
  | 'DateTime64(3)'
  | 'Array(String)'
  | 'Array(UInt64)'
  | 'Array(Float64)';

export type SqlValue =
  | string
  | number
  | bigint
  | boolean
  | null
  | readonly string[]
  | readonly number[]
  | readonly bigint[];

interface Param {
  readonly is: 'param';
  readonly value: SqlValue;
  readonly type: SqlType;
}
interface Table {
  readonly is: 'table';
  readonly name: string;
}
interface Raw {
  readonly is: 'raw';
  readonly text: string;
}

export interface Sql {
  readonly is: 'sql';
  readonly chunks: readonly (Param | Table | Raw | Sql)[];
}

export type Dialect = 'clickhouse' | 'clickhouse-literal' | 'sqlite' | 'postgres';

export interface Rendered {
  readonly text: string;
  /** In order of `?` and `$n`; `p0`, `p1`, … for ClickHouse. Empty for `clickhouse-literal`. */
  readonly params: readonly SqlValue[];
}

/** A table of a stage's contract. Its name is a value, so that reading a neighbour's data shows in the imports. */
export const table = (name: string): Table => {
  if (!/^[a-z][a-z0-9_]*$/.test(name)) throw new Error(`not a table name: ${name}`);
  return { is: 'table', name };
};
export type TableRef = ReturnType<typeof table>;

/** A value with the type that ClickHouse reads it as; other engines infer it. */
export const param = (value: SqlValue, type: SqlType): Param => ({ is: 'param', value, type });

/** An identifier (column, alias) from our own code or checked here: letters, digits and underscores. */
export const ident = (name: string): Sql => {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`not an identifier: ${name}`);
  return { is: 'sql', chunks: [{ is: 'raw', text: name }] };
};

export type SqlPart = Sql | Param | Table | string | number | boolean;

/** The tag. Strings become `String`, whole numbers `Int64`, other numbers `Float64`, booleans `Bool` parameters. */
export function sql(text: TemplateStringsArray, ...parts: readonly SqlPart[]): Sql {
  const chunks: (Param | Table | Raw | Sql)[] = [];
  text.forEach((raw, i) => {
    if (raw !== '') chunks.push({ is: 'raw', text: raw });
    if (i < parts.length) chunks.push(part(parts[i] as SqlPart));
  });
  return { is: 'sql', chunks };
}

function part(value: SqlPart): Param | Table | Sql {
  if (typeof value === 'string') return param(value, 'String');
  if (typeof value === 'boolean') return param(value, 'Bool');
  if (typeof value === 'number') return param(value, Number.isSafeInteger(value) ? 'Int64' : 'Float64');
  return value;
}

export const join = (
  parts: readonly Sql[],
  separator: ', ' | ' AND ' | ' OR ' | '\n' | ' UNION ALL ',
): Sql => ({
  is: 'sql',
  chunks: parts.flatMap((p, i) => (i === 0 ? [p] : [{ is: 'raw' as const, text: separator }, p])),
});

export const empty: Sql = { is: 'sql', chunks: [] };

/** A statement of a migration file: text as it stands, never with a value from outside. */
export const statement = (text: string): Sql => ({ is: 'sql', chunks: [{ is: 'raw', text }] });

export function render(query: Sql, dialect: Dialect): Rendered {
  const params: SqlValue[] = [];
  const write = (chunk: Param | Table | Raw | Sql): string => {
    switch (chunk.is) {
      case 'raw':
        return chunk.text;
      case 'table':
        return chunk.name;
      case 'sql':
        return chunk.chunks.map(write).join('');
      case 'param': {
        if (dialect === 'clickhouse-literal') return literal(chunk.value, chunk.type);
        params.push(chunk.value);
        if (dialect === 'clickhouse')
          return `{p${params.length - 1}:${chunk.value === null ? `Nullable(${chunk.type})` : chunk.type}}`;
        return dialect === 'sqlite' ? '?' : `$${params.length}`;
      }
    }
  };
  return { text: write(query), params };
}

/**
 * A ClickHouse literal. Parameterised queries are serial process-wide on the embedded engine, so hot paths render
 * checked literals instead. Strings escape backslash and quote; every other byte stands for itself.
 */
export function literal(value: SqlValue, type: SqlType): string {
  if (value === null) return 'NULL';
  switch (type) {
    case 'String':
      return quote(String(value));
    case 'DateTime64(3)':
      return `toDateTime64(${quote(String(value))}, 3, 'UTC')`;
    case 'Bool':
      return value === true ? 'true' : 'false';
    case 'Int64':
    case 'UInt64':
    case 'UInt32':
      return whole(value);
    case 'Float64':
      return `toFloat64(${finite(value)})`;
    case 'Array(String)':
      return `[${(value as readonly string[]).map((s) => quote(s)).join(',')}]`;
    case 'Array(UInt64)':
      return `[${(value as readonly (number | bigint)[]).map(whole).join(',')}]`;
    case 'Array(Float64)':
      return `[${(value as readonly number[]).map((n) => `toFloat64(${finite(n)})`).join(',')}]`;
  }
}

const quote = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

function finite(value: SqlValue): number {
  const n = Number(value);
  if (!Number.isFinite(n)) throw new Error(`not a finite number: ${n}`);
  return n;
}

function whole(value: SqlValue): string {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) {
    // Two minus signs in a row would begin a comment.
    return value < 0 ? `(${value})` : `${value}`;
  }
  throw new Error(`not a whole number: ${String(value)}`);
}
