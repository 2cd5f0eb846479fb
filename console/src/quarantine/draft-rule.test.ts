import { describe, expect, test } from 'vitest';
import { emptyRule, readValue, suggestRule, toRule } from './draft-rule.ts';

describe('a typed rule becomes the one the server takes', () => {
  const draft = { ...emptyRule(1), path: ' properties.price ' };
  const cases = [
    ['set', { ...draft, value: '12.5' }, { action: 'set', path: 'properties.price', value: 12.5 }],
    ['set text', { ...draft, value: 'EUR' }, { action: 'set', path: 'properties.price', value: 'EUR' }],
    [
      'cast',
      { ...draft, action: 'cast', type: 'integer' },
      { action: 'cast', path: 'properties.price', type: 'integer' },
    ],
    [
      'rename',
      { ...draft, action: 'rename', to: 'properties.amount' },
      { action: 'rename', path: 'properties.price', to: 'properties.amount' },
    ],
    ['remove', { ...draft, action: 'remove' }, { action: 'remove', path: 'properties.price' }],
    [
      'condition',
      { ...draft, action: 'remove', when: { path: 'event', is: 'equals', value: '"Seen"' } },
      { action: 'remove', path: 'properties.price', when: { path: 'event', is: 'equals', value: 'Seen' } },
    ],
    [
      'condition without value',
      { ...draft, action: 'remove', when: { path: 'event', is: 'missing', value: 'left over' } },
      { action: 'remove', path: 'properties.price', when: { path: 'event', is: 'missing' } },
    ],
  ] as const;
  test.each(cases)('%s', (_, typed, rule) => expect(toRule(typed)).toEqual(rule));

  test('an unfinished rule is none', () => {
    expect(toRule(emptyRule(1))).toBeUndefined();
    expect(toRule(draft)).toBeUndefined();
    expect(toRule({ ...draft, action: 'rename' })).toBeUndefined();
    expect(toRule({ ...draft, when: { path: '', is: 'present', value: '' } })).toBeUndefined();
    expect(toRule({ ...draft, when: { path: 'event', is: 'equals', value: ' ' } })).toBeUndefined();
  });
});

describe('suggestions', () => {
  const cases = [
    [
      'a wrong type is converted',
      {
        reason: 'schema_violation',
        path: 'properties.price',
        detail: 'properties.price must be a number, got text',
      },
      ['properties.price'],
      { action: 'cast', path: 'properties.price', type: 'number' },
    ],
    [
      'a missing field that is there under another spelling is renamed',
      { reason: 'schema_violation', path: 'properties.order_id', detail: 'properties.order_id is missing' },
      ['properties', 'properties.orderId'],
      { action: 'rename', path: 'properties.orderId', to: 'properties.order_id' },
    ],
    [
      'a missing name is set',
      { reason: 'missing_event_name', path: 'event', detail: 'a track call needs the name of its event' },
      ['properties', 'properties.price'],
      { action: 'set', path: 'event' },
    ],
    [
      'an id among the properties becomes the person',
      { reason: 'missing_identity', path: 'userId', detail: 'an event needs userId or anonymousId' },
      ['properties.customer_id'],
      { action: 'rename', path: 'properties.customer_id', to: 'userId' },
    ],
  ] as const;
  test.each(cases)('%s', (_, group, paths, rule) => expect(suggestRule(group, paths, 1)).toMatchObject(rule));
});

test('values are JSON where they are JSON', () => {
  expect([readValue('true'), readValue('"12"'), readValue('12'), readValue('a b')]).toEqual([
    true,
    '12',
    12,
    'a b',
  ]);
});
