import { describe, expect, test } from 'vitest';
import { compareVersions } from './compare-versions.ts';
import { trackingPlanKind } from './tracking-plan-kind.ts';

const problems = (body: unknown) => trackingPlanKind.check(body, 'shop');
const withSchema = (schema: unknown) => problems({ events: [{ event: 'A', schema }] });
const S = 'events[0].schema';

describe('tracking-plan definitions', () => {
  test('a sound plan has no problems', () => {
    expect(
      problems({
        description: 'Shop',
        on_violation: 'strip',
        events: [
          { event: 'A', schema: { type: 'object' } },
          { event: 'A', version: '2', schema: { $schema: 'https://json-schema.org/draft/2020-12/schema' } },
          { event: 'A', type: 'page', schema: {} },
          {
            type: 'identify',
            schema: {
              properties: { email: { type: 'string', format: 'email', description: 'x', 'x-owner': 'crm' } },
            },
          },
          {
            event: 'B',
            schema: {
              properties: { a: { $ref: '#/$defs/money' }, b: { $ref: '#/$defs/money' } },
              $defs: { money: { type: 'number' } },
            },
          },
        ],
      }),
    ).toEqual([]);
  });

  test.each([
    [null, ''],
    [{}, 'events'],
    [{ events: {} }, 'events'],
    [{ events: [], surprise: 1 }, ''],
    [{ events: [{ event: 'A' }] }, 'events[0].schema'],
    [{ events: [{ event: 'A', schema: [] }] }, 'events[0].schema'],
    [{ events: [{ schema: {} }] }, 'events[0].event'],
    [{ events: [{ event: 'A', type: 'alias', schema: {} }] }, 'events[0].type'],
    [{ events: [{ event: 'A', version: 2, schema: {} }] }, 'events[0].version'],
    [{ events: [{ event: 'A', version: 'one two', schema: {} }] }, 'events[0].version'],
    [{ events: [{ event: 'A', type: 'identify', schema: {} }] }, 'events[0].event'],
    [{ on_violation: 'drop', events: [] }, 'on_violation'],
    [
      {
        events: [
          { event: 'A', schema: {} },
          { event: 'A', version: '1', schema: {} },
        ],
      },
      'events[1].event',
    ],
  ])('%j is refused at %j', (body, field) => {
    expect(problems(body).map((problem) => problem.field)).toEqual([field]);
  });

  test.each([
    [{ type: 'wat' }, `${S}.type`, 'one of the allowed values'],
    [{ properties: { a: { type: 'int' } } }, `${S}.properties.a.type`, 'one of the allowed values'],
    [{ required: 'a' }, `${S}.required`, 'array'],
    [{ typ: 'object' }, `${S}.typ`, 'not a keyword'],
    [{ properties: { a: { nullable: true } } }, `${S}.properties.a.nullable`, 'list null as a type'],
    [JSON.parse('{"then": {}}'), S, 'then'],
    [{ $schema: 'http://json-schema.org/draft-07/schema#' }, `${S}.$schema`, '2020-12'],
    [{ $ref: 'https://example.com/a.json' }, `${S}.$ref`, 'same schema'],
    [{ properties: { a: { $ref: 'other.json#/x' } } }, `${S}.properties.a.$ref`, 'same schema'],
    [{ $ref: '#/$defs/none' }, `${S}.$ref`, 'not in this schema'],
    [{ $id: 'https://example.com/' }, `${S}.$id`, 'leave it out'],
    [{ $async: true }, `${S}.$async`, 'not a keyword'],
    [{ properties: { a: { pattern: '^(a+)+$' } } }, `${S}.properties.a.pattern`, 'several ways'],
    [{ patternProperties: { '(a*)*': {} } }, `${S}.patternProperties.(a*)*`, 'several ways'],
    [{ properties: { a: { pattern: '(' } } }, `${S}.properties.a.pattern`, 'not a regular expression'],
    [{ properties: { a: { format: 'phone' } } }, `${S}.properties.a.format`, 'not a known format'],
    [{ properties: { a: { uniqueItems: true, items: {} } } }, `${S}.properties.a.uniqueItems`, 'plain type'],
    [{ properties: JSON.parse('{"__proto__": {}}') }, `${S}.properties.__proto__`, 'cannot have a field'],
  ])('the schema %j is refused at %s', (schema, field, message) => {
    const [problem, ...others] = withSchema(schema);
    expect(problem).toEqual({ field, message: expect.stringContaining(message) });
    expect(others).toEqual([]);
  });

  test('schemas that loop or explode are refused', () => {
    const loop = { $ref: '#/$defs/a', $defs: { a: { properties: { next: { $ref: '#/$defs/a' } } } } };
    expect(withSchema(loop)[0]?.message).toContain('refers to itself');
    const doubling = Object.fromEntries(
      Array.from({ length: 30 }, (_, i) => [
        `d${i}`,
        { allOf: [{ $ref: `#/$defs/d${i + 1}` }, { $ref: `#/$defs/d${i + 1}` }] },
      ]),
    );
    const bomb = { $ref: '#/$defs/d0', $defs: { ...doubling, d30: { type: 'number' } } };
    expect(withSchema(bomb)).toEqual([{ field: S, message: expect.stringContaining('too large') }]);
  });

  test('a value of enum, const or default is data, whatever it looks like', () => {
    expect(withSchema({ properties: { a: { enum: [{ $ref: 'x' }], default: { $id: 1 } } } })).toEqual([]);
  });
});

test.each([
  [['10', '9', '2', '1'], 'numbers'],
  [['2.0.0', '1.10.0', '1.9.1', '1.9.0'], 'dotted'],
  [['1.0.0', '1.0.0-rc.2', '1.0.0-rc.1', '1.0.0-beta'], 'pre-releases'],
  [['v3', '2', 'v1'], 'with a v'],
  [['1-0-10', '1-0-9', '1-0-1'], 'schema versions with hyphens'],
])('compareVersions puts %j in order (%s)', (newestFirst) => {
  expect([...newestFirst].reverse().sort((a, b) => compareVersions(b, a))).toEqual(newestFirst);
  expect([...newestFirst].sort((a, b) => compareVersions(b, a))).toEqual(newestFirst);
});
