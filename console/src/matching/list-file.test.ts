import { expect, test } from 'vitest';
import { guessIdColumn, partsOf, readListFile, storedName } from './list-file.ts';

test('columns of CSV and NDJSON', () => {
  expect(readListFile('crm.csv', '\uFEFFCRM Id,"Name, full",Mail\r\n1,"A, B",a@b\r\n').columns).toEqual([
    'CRM Id',
    'Name, full',
    'Mail',
  ]);
  expect(readListFile('crm.jsonl', '{"id":1,"mail":"a"}\n')).toMatchObject({
    format: 'ndjson',
    columns: ['id', 'mail'],
  });
  expect(readListFile('crm.csv', 'id;"a;b";c\n1;2;3').columns).toEqual(['id', 'a;b', 'c']);
  expect(readListFile('crm.csv', 'id,name\r1,Ann\r').columns).toEqual(['id', 'name']);
  expect(() => readListFile('crm.csv', 'id,name,id\n')).toThrow('Two columns are named id');
  expect(() => readListFile('crm.csv', '')).toThrow('empty');
  expect(() => readListFile('crm.ndjson', 'nonsense')).toThrow('not a JSON object');
});

test('a long file is cut between rows, each part with the heading', () => {
  const file = readListFile('a.csv', 'id,note\n1,"two\nlines"\n2,b\n3,c');
  expect(partsOf(file, 100)).toEqual([file.text]);
  expect(partsOf(file, 24)).toEqual(['id,note\n1,"two\nlines"\n', 'id,note\n2,b\n3,c']);
  const lines = readListFile('a.ndjson', '{"id":1}\n{"id":2}\n{"id":3}\n');
  expect(partsOf(lines, 18)).toEqual(['{"id":1}\n{"id":2}\n', '{"id":3}\n']);
});

test('names and the id are guessed', () => {
  expect(['First Name', 'E-Mail', 'ZIP', 'Straße 2', '№'].map(storedName)).toEqual([
    'first_name',
    'email',
    'postcode',
    'stra_e_2',
    'column',
  ]);
  expect(guessIdColumn(['Name', 'CRM id', 'Mail'])).toBe('CRM id');
  expect(guessIdColumn(['Name', 'Mail'])).toBe('Name');
});
