/**
 * Comparing a JSON value (a trait, a property) with what a rule says. Stated once, for memory and for SQL:
 * - Types are strict: a number compares with numbers, text with text; the text "5" is not the number 5.
 * - A value that is absent or null fails every comparison except `missing`.
 * - `not_…` is the exact opposite, so it holds for those who have no value.
 * - Text compares as it is, upper and lower case are different. Dates are ISO 8601 text, UTC without a zone.
 * - `includes` looks for an item of a list.
 */
import { z } from 'zod';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import type { Json } from '../../profile/contract.ts';
import { isoMsSql, parseIsoMs } from './iso-moment.ts';
import {
  isListSql,
  isMissingSql,
  isNumberSql,
  isTextSql,
  itemsOf,
  numberOf,
  textOf,
} from './json-raw.sql.ts';
import { compileRegex } from './safe-regex.ts';
import { compileTimeTest, TIME_OPS, timeValueProblem } from './time-test.ts';

/** Items of a list in a rule. */
export const LIST_MAX = 1_000;
const TEXT_MAX = 1_000;

const TEXT_OPS = ['contains', 'not_contains', 'starts_with', 'ends_with', 'matches'] as const;
export const ORDER_OPS = ['less', 'at_most', 'at_least', 'greater'] as const;
export const OPS = [
  'equals',
  'not_equals',
  'in',
  'not_in',
  ...ORDER_OPS,
  'between',
  ...TEXT_OPS,
  'includes',
  'not_includes',
  'exists',
  'missing',
  ...TIME_OPS,
] as const;
type Op = (typeof OPS)[number];
type OrderOp = (typeof ORDER_OPS)[number];

const scalar = z.union([z.string().max(TEXT_MAX), z.number(), z.boolean()]);
type Scalar = z.infer<typeof scalar>;

const operand = z.union(
  [scalar, z.array(scalar)],
  'must be a text, a number, true, false, or a list of them',
);

export interface Comparison {
  readonly op: Op;
  readonly value?: Scalar | Scalar[] | undefined;
}

/** The fields of a comparison, to spread into the schema of what compares. */
export const comparisonShape = {
  op: z.enum(OPS).meta({ description: 'How to compare.' }),
  value: operand.optional().meta({ description: 'What to compare with; not for exists and missing.' }),
};

interface Issues {
  addIssue(issue: { code: 'custom'; message: string; path: string[] }): void;
}

/** What a measured number is compared with: one, or for `between` two. */
export const NumbersSchema = z.union(
  [z.number(), z.tuple([z.number(), z.number()])],
  'must be a number, or for between two: [lowest, highest]',
);

export function refineNumbers(
  { op, value }: { readonly op: string; readonly value: z.infer<typeof NumbersSchema> },
  ctx: Issues,
): void {
  if ((op === 'between') === Array.isArray(value)) return;
  const message =
    op === 'between' ? 'between needs two numbers: [lowest, highest]' : `${op} needs one number`;
  ctx.addIssue({ code: 'custom', path: ['value'], message });
}

/** Adds an issue at `value` when it does not fit `op`. */
export function refineComparison(
  { op, value }: { readonly op: Op; readonly value?: unknown },
  ctx: Issues,
): void {
  const message = valueProblem(op, value);
  if (message !== undefined) ctx.addIssue({ code: 'custom', message, path: ['value'] });
}

function valueProblem(op: Op, value: unknown): string | undefined {
  if (op === 'exists' || op === 'missing')
    return value === undefined ? undefined : `leave it out: ${op} needs no value`;
  if (value === undefined) return `${op} needs a value`;
  if (Array.isArray(value) && value.length > LIST_MAX) {
    return `has ${value.length} items; a list has at most ${LIST_MAX}: upload a longer one as a trait`;
  }
  if (op === 'in' || op === 'not_in')
    return Array.isArray(value) && value.length > 0 ? undefined : `${op} needs a list`;
  if (op === 'between') return betweenProblem(value);
  if (Array.isArray(value)) return `${op} compares with one value, not with a list`;
  if (isOrder(op))
    return typeof value === 'number'
      ? undefined
      : `${op} compares with a number, not with ${typeName(value)}`;
  const time = timeValueProblem(op, value);
  if (time.is === 'time') return time.problem;
  if (!isTextOp(op)) return undefined;
  if (typeof value !== 'string' || value === '') return `${op} needs a text, not ${typeName(value)}`;
  if (op !== 'matches') return undefined;
  const verdict = compileRegex(value);
  return verdict.is === 'refused' ? verdict.message : undefined;
}

function betweenProblem(value: unknown): string | undefined {
  const isPair =
    Array.isArray(value) && value.length === 2 && value.every((item) => typeof item === 'number');
  if (!isPair) return 'between needs two numbers: [lowest, highest]';
  return Number(value[0]) <= Number(value[1]) ? undefined : 'the first number must not be above the second';
}

const isOrder = (op: Op): op is OrderOp => (ORDER_OPS as readonly string[]).includes(op);
const isTextOp = (op: Op): boolean => (TEXT_OPS as readonly string[]).includes(op);
const typeName = (value: unknown): string =>
  value === '' ? 'an empty text' : typeof value === 'string' ? 'a text' : `a ${typeof value}`;

/** A comparison ready for use. */
export interface ValueTest {
  matches(value: Json | undefined, now_ms: number): boolean;
  /** When time alone may change the answer (exclusive); Infinity when it cannot. */
  until(value: Json | undefined, now_ms: number): number;
  /** Boolean expression over raw JSON text. */
  toSql(raw: Sql, now_ms: number): Sql;
  /** True when the answer depends on the time. */
  readonly timed: boolean;
}

const untimed = (test: Pick<ValueTest, 'matches' | 'toSql'>): ValueTest => ({
  ...test,
  until: () => Number.POSITIVE_INFINITY,
  timed: false,
});

const not = (test: ValueTest): ValueTest => ({
  ...test,
  matches: (value, now_ms) => !test.matches(value, now_ms),
  toSql: (raw, now_ms) => sql`NOT ${test.toSql(raw, now_ms)}`,
});

/** `comparison` must have passed `refineComparison`. */
export function compileComparison({ op, value }: Comparison): ValueTest {
  switch (op) {
    case 'exists':
      return not(MISSING);
    case 'missing':
      return MISSING;
    case 'equals':
      return oneOf([value as Scalar]);
    case 'not_equals':
      return not(oneOf([value as Scalar]));
    case 'in':
      return oneOf(value as Scalar[]);
    case 'not_in':
      return not(oneOf(value as Scalar[]));
    case 'includes':
      return includes([value as Scalar]);
    case 'not_includes':
      return not(includes([value as Scalar]));
    case 'not_contains':
      return not(text('contains', value as string));
    case 'contains':
    case 'starts_with':
    case 'ends_with':
    case 'matches':
      return text(op, value as string);
    case 'before':
    case 'after':
    case 'within_days':
    case 'older_than_days':
      return date(op, value as string | number);
    default:
      return number(op, value as number | number[]);
  }
}

const MISSING: ValueTest = untimed({
  matches: (value) => value === undefined || value === null,
  toSql: isMissingSql,
});

function oneOf(values: readonly Scalar[]): ValueTest {
  const known = new Set<Json | undefined>(values);
  const texts = values.filter((v) => typeof v === 'string');
  const numbers = values.filter((v) => typeof v === 'number');
  const flags = values.filter((v) => typeof v === 'boolean');
  return untimed({
    // A set holds -0 and 0 for the same, as the warehouse does.
    matches: (value) => known.has(value),
    toSql: (raw) => {
      const parts: Sql[] = [];
      // Without anything to escape a text has one form only, and needs no parsing.
      if (texts.every((text) => PLAIN.test(text)) && texts.length > 0)
        parts.push(
          isIn(
            raw,
            texts.map((text) => `"${text}"`),
          ),
        );
      else if (texts.length > 0) parts.push(sql`(${isTextSql(raw)} AND ${isIn(textOf(raw), texts)})`);
      if (numbers.length > 0)
        parts.push(sql`(${isNumberSql(raw)} AND ${isInNumbers(numberOf(raw), numbers)})`);
      for (const flag of flags) parts.push(sql`${raw} = ${String(flag)}`);
      return parts.reduce((all, part) => sql`(${all} OR ${part})`);
    },
  });
}

const PLAIN = /^[A-Za-z0-9 _.,:;@#()+*=-]*$/;

const isIn = (text_sql: Sql, values: readonly string[]): Sql =>
  values.length === 1
    ? sql`${text_sql} = ${values[0] ?? ''}`
    : sql`${text_sql} IN (${param(values, 'Array(String)')})`;
const isInNumbers = (number_sql: Sql, values: readonly number[]): Sql =>
  values.length === 1
    ? sql`${number_sql} = ${param(values[0] ?? 0, 'Float64')}`
    : sql`${number_sql} IN (${param(values, 'Array(Float64)')})`;

function includes(items: readonly Scalar[]): ValueTest {
  const test = oneOf(items);
  return untimed({
    matches: (value, now_ms) => Array.isArray(value) && value.some((one) => test.matches(one, now_ms)),
    toSql: (raw, now_ms) =>
      sql`(${isListSql(raw)} AND arrayExists(item -> ${test.toSql(sql`item`, now_ms)}, ${itemsOf(raw)}))`,
  });
}

/** One of the values, or a list with one of them in it. */
export function isOrIncludes(values: readonly Scalar[]): ValueTest {
  const [is, has] = [oneOf(values), includes(values)];
  return untimed({
    matches: (value, now_ms) => is.matches(value, now_ms) || has.matches(value, now_ms),
    toSql: (raw, now_ms) => sql`(${is.toSql(raw, now_ms)} OR ${has.toSql(raw, now_ms)})`,
  });
}

function number(op: OrderOp | 'between', limit: number | number[]): ValueTest {
  const [low, high] = Array.isArray(limit) ? [limit[0] ?? 0, limit[1] ?? 0] : [limit, limit];
  return untimed({
    matches: (value) => typeof value === 'number' && compareNumbers(op, value, low, high),
    toSql: (raw) => sql`(${isNumberSql(raw)} AND ${compareNumbersSql(op, numberOf(raw), low, high)})`,
  });
}

export function compareNumbers(
  op: OrderOp | 'between' | 'equals',
  value: number,
  low: number,
  high = low,
): boolean {
  if (op === 'less') return value < low;
  if (op === 'at_most') return value <= low;
  if (op === 'at_least') return value >= low;
  if (op === 'greater') return value > low;
  return value >= low && value <= high;
}

/** `value` is a number expression. */
export function compareNumbersSql(
  op: OrderOp | 'between' | 'equals',
  value: Sql,
  low: number,
  high = low,
): Sql {
  const [least, most] = [param(low, 'Float64'), param(high, 'Float64')];
  if (op === 'less') return sql`${value} < ${least}`;
  if (op === 'at_most') return sql`${value} <= ${least}`;
  if (op === 'at_least') return sql`${value} >= ${least}`;
  if (op === 'greater') return sql`${value} > ${least}`;
  return sql`(${value} >= ${least} AND ${value} <= ${most})`;
}

function text(op: 'contains' | 'starts_with' | 'ends_with' | 'matches', wanted: string): ValueTest {
  const verdict = op === 'matches' ? compileRegex(wanted) : undefined;
  const regex = verdict?.is === 'safe' ? verdict.regex : undefined;
  const holds = (value: string): boolean => {
    if (op === 'contains') return value.includes(wanted);
    if (op === 'starts_with') return value.startsWith(wanted);
    return op === 'ends_with' ? value.endsWith(wanted) : regex?.test(value) === true;
  };
  const holdsSql = (value: Sql): Sql => {
    if (op === 'contains') return sql`position(${value}, ${wanted}) > 0`;
    if (op === 'starts_with') return sql`startsWith(${value}, ${wanted})`;
    if (op === 'ends_with') return sql`endsWith(${value}, ${wanted})`;
    if (regex === undefined) return sql`false`;
    return sql`(lengthUTF8(${value}) <= ${regex.max_text} AND match(${value}, ${regex.source}))`;
  };
  return untimed({
    matches: (value) => typeof value === 'string' && holds(value),
    toSql: (raw) => sql`(${isTextSql(raw)} AND ${holdsSql(textOf(raw))})`,
  });
}

function date(op: (typeof TIME_OPS)[number], wanted: string | number): ValueTest {
  const test = compileTimeTest(op, wanted);
  const read = (value: Json | undefined) => (typeof value === 'string' ? parseIsoMs(value) : undefined);
  return {
    timed: test.timed,
    matches: (value, now_ms) => {
      const at_ms = read(value);
      return at_ms !== undefined && test.matches(at_ms, now_ms);
    },
    until: (value, now_ms) => {
      const at_ms = read(value);
      return at_ms === undefined ? Number.POSITIVE_INFINITY : test.until(at_ms, now_ms);
    },
    toSql: (raw, now_ms) =>
      sql`(${isTextSql(raw)} AND ifNull(${test.toSql(isoMsSql(textOf(raw)), now_ms)}, false))`,
  };
}
