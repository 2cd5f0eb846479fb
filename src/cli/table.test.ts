import { expect, test } from 'vitest';
import { answerText, table } from './table.ts';

test('columns are aligned, numbers to the right, empty columns and objects left out', () => {
  const rows = [
    { name: 'a', count: 9, note: null, tags: ['x', 'y'], keys: [{ id: 1 }], settings: { a: 1 } },
    { name: 'longer', count: 10_000, note: '', tags: [], keys: [{ id: 2 }, { id: 3 }], settings: {} },
  ];
  expect(table(rows).split('\n')).toEqual([
    'name    count  tags  keys', //
    'a           9  x, y     1',
    'longer  10000           2',
  ]);
});

test('control characters from data do not reach the terminal, and long cells are cut', () => {
  expect(table([{ name: `a\u001b[31m\n${'x'.repeat(100)}` }])).toMatch(/^name\na \[31m x{52}…$/);
});

test('an answer is its list as a table, with the rest above', () => {
  expect(answerText({ current: 3, releases: [{ id: 3 }, { id: 2 }] })).toBe('current  3\n\nid\n 3\n 2');
  expect(answerText({ users: [] })).toBe('No users.');
  expect(answerText({ source: { id: 's', enabled: true } })).toBe('id       s\nenabled  true');
  expect(answerText({ a: [{ x: 1 }], b: [] })).toBe('a\nx\n1\n\nb\nNo b.');
});
