import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openControlDb } from '../stores/control/open.ts';
import { openWarehouse } from '../stores/warehouse/open.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { keysOf } from './key64.ts';
import { silentLogger } from './logger.ts';
import { empty, ident, join as joinSql, literal, param, render, sql, statement, table } from './sql.ts';

describe('rendering', () => {
  const people = table('people');
  const query = sql`SELECT ${ident('name')} FROM ${people} WHERE age > ${30} AND share < ${0.5} AND ok = ${true} AND name <> ${"O'Hara"}`;

  test('for the ClickHouse server: typed parameters', () => {
    expect(render(query, 'clickhouse')).toEqual({
      text: 'SELECT name FROM people WHERE age > {p0:Int64} AND share < {p1:Float64} AND ok = {p2:Bool} AND name <> {p3:String}',
      params: [30, 0.5, true, "O'Hara"],
    });
    expect(render(sql`${param(null, 'String')}`, 'clickhouse').text).toBe('{p0:Nullable(String)}');
  });

  test('for the embedded engine: literals', () => {
    expect(render(query, 'clickhouse-literal')).toEqual({
      text: "SELECT name FROM people WHERE age > 30 AND share < toFloat64(0.5) AND ok = true AND name <> 'O\\'Hara'",
      params: [],
    });
  });

  test('for SQLite and PostgreSQL: placeholders', () => {
    expect(render(query, 'sqlite').text).toContain('age > ? AND share < ? AND ok = ? AND name <> ?');
    expect(render(query, 'postgres').text).toContain('age > $1 AND share < $2 AND ok = $3 AND name <> $4');
    expect(render(query, 'postgres').params).toEqual([30, 0.5, true, "O'Hara"]);
  });

  test('parts go into parts, and parameters count on', () => {
    const where = joinSql([sql`a = ${1}`, sql`b = ${'x'}`, empty], ' AND ');
    expect(render(sql`SELECT 1 WHERE ${where} LIMIT ${5}`, 'postgres')).toEqual({
      text: 'SELECT 1 WHERE a = $1 AND b = $2 AND  LIMIT $3',
      params: [1, 'x', 5],
    });
    expect(render(statement('SELECT ?'), 'sqlite')).toEqual({ text: 'SELECT ?', params: [] });
  });

  test('a negative number begins no comment', () => {
    expect(render(sql`SELECT 1 -${-5}, 2`, 'clickhouse-literal').text).toBe('SELECT 1 -(-5), 2');
    expect(render(sql`SELECT 1 -${-0.5}, 2`, 'clickhouse-literal').text).toBe('SELECT 1 -toFloat64(-0.5), 2');
  });

  test('names are checked, and numbers that no engine reads are refused', () => {
    for (const name of ['a b', 'a;b', "a'", '', 'A', '1a']) expect(() => table(name)).toThrow('table name');
    for (const name of ['a b', 'a.b', 'a"', '', '1a', 'é']) expect(() => ident(name)).toThrow('identifier');
    for (const value of [Number.NaN, Number.POSITIVE_INFINITY])
      expect(() => literal(value, 'Float64')).toThrow('finite');
    for (const value of [1.5, 2 ** 53, '1', true]) expect(() => literal(value, 'Int64')).toThrow('whole');
    expect(literal(2n ** 63n, 'UInt64')).toBe('9223372036854775808');
    expect(literal(null, 'String')).toBe('NULL');
  });
});

/** Text as an attacker would choose it: quotes, escapes, comments, controls, halves of surrogate pairs. */
const nasty = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({
    unit: fc.constantFrom(
      "'",
      '\\',
      '"',
      '`',
      '\0',
      '\n',
      '\r',
      '\u2028',
      '\ud800',
      '$',
      '{',
      '}',
      ':',
      '%',
      '-',
      ';',
      '/',
      '*',
      '?',
      'x',
    ),
  }),
  fc.constantFrom(
    "\\'; DROP TABLE people; --",
    "'||(SELECT 1)||'",
    '{p0:String}',
    '\\x27',
    "''",
    '\\N',
    '$$',
    '/* ',
  ),
);

describe('a literal comes back from the engine as it went in', () => {
  let folder = '';
  let warehouse: Warehouse;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'plumbline-sql-'));
    warehouse = await openWarehouse(`chdb:${folder}`, { logger: silentLogger });
  });
  afterAll(async () => {
    await warehouse.close();
    rmSync(folder, { recursive: true });
  });

  test('text, alone and in lists', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(nasty, { minLength: 1, maxLength: 40 }), async (texts) => {
        const columns = joinSql(
          texts.map((text, i) => sql`${text} AS ${ident(`c${i}`)}`),
          ', ',
        );
        const rows = await warehouse.query(sql`SELECT ${columns}, ${param(texts, 'Array(String)')} AS list`);
        // UTF-8 has no half of a surrogate pair; nothing else may change.
        const kept = texts.map((text) => text.toWellFormed());
        expect(rows).toEqual([{ ...Object.fromEntries(kept.map((text, i) => [`c${i}`, text])), list: kept }]);
      }),
      { numRuns: 100 },
    );
  });

  test('numbers, booleans and times', async () => {
    const time = fc.date({ min: new Date(0), max: new Date('2200-01-01T00:00:00Z'), noInvalidDate: true });
    await fc.assert(
      fc.asyncProperty(
        fc.maxSafeInteger(),
        fc.maxSafeNat(),
        fc.double({ noNaN: true, noDefaultInfinity: true }),
        fc.boolean(),
        time,
        async (whole, natural, real, flag, at) => {
          const rows =
            await warehouse.query(sql`SELECT ${whole} AS whole, ${param(natural, 'UInt64')} AS natural,
            ${param(real, 'Float64')} AS real, ${flag} AS flag, ${param(at.toISOString(), 'DateTime64(3)')} AS at,
            ${param([natural, 0], 'Array(UInt64)')} AS list, ${param([real, -0.5], 'Array(Float64)')} AS reals`);
          const signless = Object.is(real, -0) ? 0 : real;
          expect(rows).toEqual([
            {
              whole,
              natural,
              real: signless,
              flag,
              at: at.toISOString(),
              list: [natural, 0],
              reals: [signless, -0.5],
            },
          ]);
        },
      ),
      { numRuns: 100 },
    );
  });
});

test('text comes back from the control database as it went in', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'plumbline-sql-'));
  const control = await openControlDb(`sqlite:${folder}/control.db`, { logger: silentLogger });
  await fc.assert(
    fc.asyncProperty(nasty, async (text) => {
      expect(await control.one(sql`SELECT ${text} AS v`)).toEqual({ v: text.toWellFormed() });
    }),
  );
  await control.close();
  rmSync(folder, { recursive: true });
});

test('many keys are written out, none of them rounded', () => {
  const keys = keysOf(['0000000000000005', 'ffffffffffffffff']);
  expect(render(sql`node IN ${keys}`, 'clickhouse-literal').text).toBe('node IN [5,18446744073709551615]');
  expect(() => keysOf(['x'])).toThrow();
});
