import { expect, test } from 'vitest';
import { choiceOf, choicesFor, incomplete, plainName, targetOf } from './targets.ts';

test('every choice leads to a target that is shown as that choice', () => {
  for (const kind of ['people', 'transactions', 'match'] as const) {
    for (const { items } of choicesFor(kind, { to: 'ignore' })) {
      for (const { value } of items) {
        expect(choiceOf(targetOf(value, 'Some Column', { to: 'ignore' }))).toBe(value);
      }
    }
  }
});

test('names of columns become names of traits', () => {
  expect(plainName('Birth Date')).toBe('birth_date');
  expect(plainName('firstName')).toBe('first_name');
  expect(plainName(' % ')).toBe('column');
});

test('a mapping says what it misses', () => {
  expect(incomplete({ a: { to: 'ignore' } }, 'people')).toMatch(/who the row is about/);
  const email = { to: 'identifier', type: 'email' } as const;
  expect(incomplete({ a: email }, 'match')).toMatch(/two columns/);
  expect(incomplete({ a: email, b: { to: 'consent', purpose: 'ads', evidence: '' } }, 'people')).toMatch(
    /evidence/,
  );
  expect(incomplete({ a: email }, 'people')).toBe('');
});
