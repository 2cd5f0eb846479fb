import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readCsv, separatorOf } from '../../kernel/csv.ts';
import { itemsOfTable } from './csv.ts';

const items = (text: string) => itemsOfTable(readCsv(text, 100), 64);

describe('readCsv', () => {
  test('quotes, commas and line breaks in cells; lines are those of the file', () => {
    expect(readCsv('a,b\r\n"x,1","say ""hi"""\n\n"two\nlines",\nlast,1', 100)).toEqual([
      { line: 1, cells: ['a', 'b'] },
      { line: 2, cells: ['x,1', 'say "hi"'] },
      { line: 4, cells: ['two\nlines', ''] },
      { line: 6, cells: ['last', '1'] },
    ]);
  });
  test('semicolons and tabs, as the first line has them', () => {
    const text = '"a,1";b;"c\n;"\n1;2,5;3';
    expect(separatorOf(text)).toBe(';');
    expect(readCsv(text, 100, ';').map(({ cells }) => cells)).toEqual([
      ['a,1', 'b', 'c\n;'],
      ['1', '2,5', '3'],
    ]);
    expect(separatorOf('a\tb,c\td')).toBe('\t');
    expect(separatorOf('a')).toBe(',');
  });
  test('an open quote and too many rows are refused', () => {
    expect(() => readCsv('a\n"open', 100)).toThrow(/line 2 is never closed/);
    expect(() => readCsv('a\n1\n2\n3', 3)).toThrow(/more than 2 rows/);
  });
  test('what RFC 4180 writes is read back', () => {
    const cell = fc.oneof(fc.string(), fc.constantFrom('"', ',', '\n', '\r\n', 'a"b', ''));
    const table = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 8 });
    const write = (rows: string[][]) =>
      rows.map((row) => row.map((text) => `"${text.replaceAll('"', '""')}"`).join(',')).join('\r\n');
    fc.assert(
      fc.property(table, (rows) => {
        expect(readCsv(write(rows), 100).map(({ cells }) => cells)).toEqual(rows);
      }),
    );
  });
});

describe('itemsOfTable', () => {
  test('headers are paths with types; empty cells are absent; nothing is guessed', () => {
    const text =
      'type,userId,event,properties.price:number,properties.gift:boolean,properties.zip,context.tags:json\ntrack,007,Sold,9.5,true,01234,"[1]"\nidentify,8,,,,,';
    expect(items(text)).toEqual([
      {
        line: 2,
        item: {
          type: 'track',
          userId: '007',
          event: 'Sold',
          properties: { price: 9.5, gift: true, zip: '01234' },
          context: { tags: [1] },
        },
      },
      { line: 3, item: { type: 'identify', userId: '8' } },
    ]);
  });
  test('a cell that does not fit its type stays text', () => {
    expect(items('a:number,b:boolean,c:json\n"12,50",yes,{')[0]?.item).toEqual({
      a: '12,50',
      b: 'yes',
      c: '{',
    });
  });
  test('a row that does not fit the header is handed on bare, to be quarantined', () => {
    expect(items('a,b\n1,2,3')).toEqual([{ line: 2, item: ['1', '2', '3'] }]);
  });
  test.each([
    ['a.__proto__.b\n1', /not accepted/],
    ['constructor\n1', /not accepted/],
    ['a:json\n"{""__proto__"":1}"', /not accepted/],
    [`${'a.'.repeat(20)}b\n1`, /more than 16 parts/],
    ['a,\n1,2', /without a name/],
    ['a:date\n1', /unknown type/],
  ])('%j is refused', (text, message) => {
    expect(() => items(text)).toThrow(message);
    expect(({} as Record<string, unknown>)['b']).toBeUndefined();
  });
});
