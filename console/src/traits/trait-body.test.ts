import { expect, test } from 'vitest';
import { missing, readTrait, traitWords, writeTrait } from './trait-body.ts';

const REVENUE = {
  label: 'Revenue',
  unit: 'EUR',
  calc: 'sum',
  of: { event: 'Order Completed', where: [{ property: 'currency', is: 'equals', value: 'EUR' }] },
  property: 'total',
  window_days: 90,
};

test('a body that was read is written as it was', () => {
  expect(writeTrait(readTrait(REVENUE))).toEqual(REVENUE);
  const sql = { calc: 'sql', sql: 'SELECT {person} AS person, 1 AS value FROM {events}', every_hours: 12 };
  expect(writeTrait(readTrait(sql))).toEqual(sql);
  const many = { calc: 'count', of: { event: ['A', 'B'], type: 'track' }, bots: true };
  expect(writeTrait(readTrait(many))).toEqual(many);
});

test('it says in words what it is, and what it misses', () => {
  expect(traitWords(readTrait(REVENUE))).toBe(
    'Sum of total, Order Completed in the last 90 days, under conditions',
  );
  expect(missing(readTrait(REVENUE))).toBe('');
  expect(missing(readTrait({ calc: 'count' }))).toMatch(/which events/);
  expect(missing(readTrait({ ...REVENUE, property: '' }))).toMatch(/property/);
});
