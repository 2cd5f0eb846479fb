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
    expect(toRule({ ...draft, action: 'rename' })).toBeUndefined();
    expect(toRule({ ...draft, when: { path: '', is: 'present', value: '' } })).toBeUndefined();
    expect(toRule({ ...draft, when: { path: 'event', is: 'equals', value: ' ' } })).toBeUndefined();
  });
});

describe('suggestions', () => {
  test('a wrong type is converted', () => {
    const rule = suggestRule(
      {
        reason: 'schema_violation',
        path: 'properties.price',
        detail: 'properties.price must be a number, got text',
      },
      4,
    );
    expect(toRule(rule)).toEqual({ action: 'cast', path: 'properties.price', type: 'number' });
  });
  test('a missing name is set', () => {
    const rule = suggestRule({ reason: 'missing_event_name', path: '', detail: '' }, 1);
    expect(rule).toMatchObject({ action: 'set', path: 'event' });
  });
});

test('values are JSON where they are JSON', () => {
  expect([readValue('true'), readValue('"12"'), readValue('12'), readValue('a b')]).toEqual([
    true,
    '12',
    12,
    'a b',
  ]);
});
