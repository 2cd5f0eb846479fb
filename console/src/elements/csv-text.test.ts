import { expect, test } from 'vitest';
import { csvText } from './csv-text.ts';

test('quotes what needs it, and no cell is a formula', () => {
  expect(
    csvText(
      ['a', 'b'],
      [
        ['x,y', 1.5],
        ['say "so"', null],
        ['=1+1', -2],
      ],
    ),
  ).toBe('a,b\r\n"x,y",1.5\r\n"say ""so""",\r\n\'=1+1,-2\r\n');
  for (const first of ['=', '+', '-', '@', '\t'])
    expect(csvText(['a'], [[`${first}1`]])).toBe(`a\r\n'${first}1\r\n`);
});
