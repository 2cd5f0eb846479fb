import { z } from 'zod';
import { join, param, type Sql, sql } from '../../kernel/sql.ts';
import {
  isNumberSql,
  numberSql,
  type PropertyPath,
  readPropertyPath,
  scalarOf,
  scalarSql,
  valueAt,
} from './scalar.ts';

const scalar = z.union([z.string().max(256), z.number(), z.boolean()]);
const property = z
  .string()
  .min(1)
  .max(200)
  .regex(/^[^.]+(\.[^.]+)*$/, 'a name, or names joined by dots');

/**
 * What must hold of an event's property. Numbers are compared with numbers and text with text: `5` is not `"5"`. The
 * negative ones also hold when the property is absent; the others do not.
 */
export const Condition = z.discriminatedUnion('is', [
  z.strictObject({ property, is: z.enum(['equals', 'not_equals']), value: scalar }),
  z.strictObject({ property, is: z.enum(['one_of', 'none_of']), value: z.array(scalar).min(1).max(1_000) }),
  z.strictObject({ property, is: z.enum(['greater', 'at_least', 'less', 'at_most']), value: z.number() }),
  z.strictObject({ property, is: z.enum(['contains', 'starts_with']), value: z.string().min(1).max(256) }),
  z.strictObject({ property, is: z.enum(['is_set', 'not_set']) }),
]);
export type Condition = z.infer<typeof Condition>;

/** A condition ready for events: the same question in both languages, which a test holds equal. */
export interface CompiledCondition {
  readonly path: PropertyPath;
  holds(value: unknown): boolean;
  readonly sql: Sql;
}

export function compileCondition(condition: Condition): CompiledCondition {
  const path = readPropertyPath(condition.property);
  const value = scalarSql(path);
  switch (condition.is) {
    case 'equals':
    case 'not_equals':
      return membership(path, [condition.value], condition.is === 'equals');
    case 'one_of':
    case 'none_of':
      return membership(path, condition.value, condition.is === 'one_of');
    case 'greater':
    case 'at_least':
    case 'less':
    case 'at_most':
      return comparison(path, condition.is, condition.value);
    case 'contains': {
      const part = condition.value;
      return {
        path,
        holds: (found) => isText(found) && scalarOf(found).indexOf(part, 1) >= 0,
        sql: sql`(startsWith(${value}, 's') AND position(substring(${value}, 2), ${part}) > 0)`,
      };
    }
    case 'starts_with': {
      const start = `s${condition.value}`;
      return {
        path,
        holds: (found) => scalarOf(found).startsWith(start),
        sql: sql`startsWith(${value}, ${start})`,
      };
    }
    case 'is_set':
      return { path, holds: (found) => scalarOf(found) !== '', sql: sql`${value} != ''` };
    case 'not_set':
      return { path, holds: (found) => scalarOf(found) === '', sql: sql`${value} = ''` };
  }
}

const isText = (value: unknown): boolean => typeof value === 'string';

function membership(path: PropertyPath, values: readonly unknown[], isIn: boolean): CompiledCondition {
  const scalars = [...new Set(values.map(scalarOf))];
  const known = new Set(scalars);
  return {
    path,
    holds: (found) => known.has(scalarOf(found)) === isIn,
    sql: sql`has(${param(scalars, 'Array(String)')}, ${scalarSql(path)}) = ${isIn ? 1 : 0}`,
  };
}

const COMPARE = {
  greater: (a: number, b: number) => a > b,
  at_least: (a: number, b: number) => a >= b,
  less: (a: number, b: number) => a < b,
  at_most: (a: number, b: number) => a <= b,
};
const SIGN = { greater: sql`>`, at_least: sql`>=`, less: sql`<`, at_most: sql`<=` };

function comparison(path: PropertyPath, is: keyof typeof COMPARE, limit: number): CompiledCondition {
  return {
    path,
    holds: (found) => typeof found === 'number' && COMPARE[is](found, limit),
    sql: sql`(${isNumberSql(path)} AND ${numberSql(path)} ${SIGN[is]} ${param(limit, 'Float64')})`,
  };
}

export const allOf = (conditions: readonly Sql[]): Sql =>
  conditions.length === 0 ? sql`1` : join(conditions, ' AND ');

export const holdsAt = (
  { path, holds }: CompiledCondition,
  documents: (name: PropertyPath['document']) => unknown,
) => holds(valueAt(documents(path.document), path.keys));
