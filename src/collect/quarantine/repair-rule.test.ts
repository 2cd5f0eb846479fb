import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { castTo, type RepairRule, repair, repairRuleSchema } from './repair-rule.ts';

const order = () => ({
  type: 'track',
  event: 'Order Completed',
  properties: { total: '12,50', ordre_id: 'o1', products: [{ price: '3' }, { price: 4 }] },
});

const cases: readonly [string, RepairRule[], unknown][] = [
  [
    'cast',
    [{ action: 'cast', path: 'properties.total', type: 'number' }],
    { ...order(), properties: { ...order().properties, total: 12.5 } },
  ],
  [
    'set',
    [{ action: 'set', path: 'properties.currency', value: 'EUR' }],
    { ...order(), properties: { ...order().properties, currency: 'EUR' } },
  ],
  [
    'set below what is missing',
    [{ action: 'set', path: 'context.page.path', value: '/' }],
    { ...order(), context: { page: { path: '/' } } },
  ],
  [
    'remove',
    [{ action: 'remove', path: 'properties.products' }],
    { ...order(), properties: { total: '12,50', ordre_id: 'o1' } },
  ],
  [
    'rename',
    [{ action: 'rename', path: 'properties.ordre_id', to: 'properties.order_id' }],
    { ...order(), properties: { total: '12,50', products: order().properties.products, order_id: 'o1' } },
  ],
  [
    'cast in every element',
    [{ action: 'cast', path: 'properties.products[*].price', type: 'number' }],
    { ...order(), properties: { ...order().properties, products: [{ price: 3 }, { price: 4 }] } },
  ],
  [
    'rename in every element',
    [{ action: 'rename', path: 'properties.products[*].price', to: 'properties.products[*].amount' }],
    { ...order(), properties: { ...order().properties, products: [{ amount: '3' }, { amount: 4 }] } },
  ],
  [
    'remove an element',
    [{ action: 'remove', path: 'properties.products[0]' }],
    { ...order(), properties: { ...order().properties, products: [{ price: 4 }] } },
  ],
  [
    'remove every element',
    [{ action: 'remove', path: 'properties.products[*]' }],
    { ...order(), properties: { ...order().properties, products: [] } },
  ],
  [
    'condition holds',
    [
      {
        action: 'set',
        path: 'event',
        value: 'Bought',
        when: { path: 'event', is: 'equals', value: 'Order Completed' },
      },
    ],
    { ...order(), event: 'Bought' },
  ],
  [
    'condition does not hold',
    [
      {
        action: 'set',
        path: 'event',
        value: 'Bought',
        when: { path: 'properties.total', is: 'type', value: 'number' },
      },
    ],
    order(),
  ],
  [
    'missing',
    [{ action: 'set', path: 'userId', value: 'u', when: { path: 'userId', is: 'missing' } }],
    { ...order(), userId: 'u' },
  ],
  [
    'contains',
    [{ action: 'set', path: 'userId', value: 'u', when: { path: 'event', is: 'contains', value: 'Order' } }],
    { ...order(), userId: 'u' },
  ],
  ['a scalar in the way', [{ action: 'set', path: 'event.name', value: 1 }], order()],
];

test.each(cases)('%s', (_, rules, expected) => {
  expect(repair(order(), rules)).toEqual(expected);
});

describe('cast never guesses', () => {
  test.each([
    ['12.50', 'number', 12.5],
    ['12,50', 'number', 12.5],
    ['1,299.00', 'number', 1299],
    ['1.299,00', 'number', 1299],
    ['€ 12.50', 'number', 12.5],
    ['1,299', 'number', 1299],
    ['-3', 'integer', -3],
    ['3.5', 'integer', '3.5'],
    ['twelve', 'number', 'twelve'],
    ['', 'number', ''],
    [true, 'number', 1],
    [12.5, 'string', '12.5'],
    [null, 'string', null],
    ['yes', 'boolean', true],
    ['0', 'boolean', false],
    ['maybe', 'boolean', 'maybe'],
    [1_700_000_000, 'datetime', '2023-11-14T22:13:20.000Z'],
    ['1700000000000', 'datetime', '2023-11-14T22:13:20.000Z'],
    ['soon', 'datetime', 'soon'],
  ] as const)('%j as %s is %j', (value, type, expected) => {
    expect(castTo(value, type)).toBe(expected);
  });
});

describe('refused', () => {
  test.each([
    [{ action: 'set', path: '__proto__.polluted', value: 1 }],
    [{ action: 'set', path: 'properties.constructor.x', value: 1 }],
    [{ action: 'rename', path: 'a', to: 'b.prototype' }],
    [{ action: 'set', path: '', value: 1 }],
    [{ action: 'explode', path: 'a' }],
    [{ action: 'cast', path: 'a', type: 'money' }],
    [{ action: 'set', path: 'a..b', value: 1 }],
  ])('%j', (rule) => {
    expect(repairRuleSchema.safeParse(rule).success).toBe(false);
  });
});

test('never changes the payload given, never throws, and setting twice is setting once', () => {
  const rule: RepairRule = { action: 'set', path: 'properties.price', value: 1 };
  fc.assert(
    fc.property(fc.json(), (text) => {
      const payload = JSON.parse(text) as unknown;
      const before = JSON.stringify(payload);
      const once = repair(payload, [rule]);
      expect(JSON.stringify(payload)).toBe(before);
      expect(repair(once, [rule])).toEqual(once);
    }),
  );
});
