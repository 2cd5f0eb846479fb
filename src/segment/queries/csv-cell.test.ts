import { expect, test } from 'vitest';
import { csvCell } from './csv-cell.ts';

test.each([
  ['=1+1', "'=1+1"],
  ['+49 30', "'+49 30"],
  ['-2', "'-2"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['a=1', 'a=1'],
  ['user_id:u1 email:a@b.c', 'user_id:u1 email:a@b.c'],
  ['say "so", then', '"say ""so"", then"'],
  ['=a,b', '"\'=a,b"'],
])('%j is written as %j', (text, cell) => {
  expect(csvCell(text)).toBe(cell);
});
