import { expect, test } from 'vitest';
import { choiceOf, choicesFor, incomplete, plainName, scoreName, targetOf } from './targets.ts';

test('every choice leads to a target that is shown as that choice', () => {
  for (const kind of ['people', 'transactions', 'match'] as const) {
    for (const { items } of choicesFor(kind, { to: 'ignore' }, ['user_id', 'badge_no'])) {
      for (const { value } of items) {
        expect(choiceOf(targetOf(value, 'Some Column', { to: 'ignore' }))).toBe(value);
      }
    }
  }
});

test('identifiers are those of the identity rules, own ones by their name', () => {
  const [who] = choicesFor('match', { to: 'identifier', type: 'gone' }, ['user_id', 'badge_no']);
  expect(who?.items).toEqual([
    { value: 'identifier:user_id', label: 'User id' },
    { value: 'identifier:badge_no', label: 'badge_no' },
    { value: 'identifier:gone', label: 'gone' },
  ]);
});

test('names of columns become names of scores', () => {
  expect(['Churn Score', 'score churn', 'churn', '2nd score', '%'].map(scoreName)).toEqual([
    'churn',
    'churn',
    'churn',
    'nd',
    'column',
  ]);
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
