import { expect, test } from 'vitest';
import { carriedValue, opsFor, typedValue } from './op-words.ts';

const OPS = ['equals', 'at_least', 'contains', 'includes', 'exists', 'missing'];

test('only operators that fit the type are offered, and the one in use', () => {
  expect(opsFor(OPS, ['number'], 'equals')).toEqual(['equals', 'at_least', 'exists', 'missing']);
  expect(opsFor(OPS, ['number'], 'contains')).toContain('contains');
  expect(opsFor(OPS, [], 'equals')).toEqual(OPS);
});

test('a value is carried to the next operator where it fits', () => {
  expect(carriedValue('DE', 'in')).toEqual(['DE']);
  expect(carriedValue(['DE', 'FR'], 'equals')).toBe('DE');
  expect(carriedValue(5, 'between')).toEqual([5, 5]);
  expect(carriedValue('DE', 'at_least')).toBeUndefined();
  expect(carriedValue(5, 'exists')).toBeUndefined();
});

test('text becomes a number only where only numbers are known', () => {
  expect(typedValue('5', ['number'])).toBe(5);
  expect(typedValue('5', ['number', 'string'])).toBe('5');
  expect(typedValue('5', [])).toBe('5');
  expect(typedValue('true', ['boolean'])).toBe(true);
});
