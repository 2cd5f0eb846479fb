import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { AppError } from '../../kernel/errors.ts';
import { castCell, readDate } from './cast-cell.ts';
import { actor, type ImportFixture, NOW, openImports, plan, refusal } from './fixture-import.ts';
import { isProblem, readRows } from './read-rows.ts';
import { suggestMapping } from './suggest-mapping.ts';

let fixture: ImportFixture;
beforeAll(async () => {
  fixture = await openImports();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.clear());
const newService = () => fixture.newService();
const finished = (run_id: string) => fixture.finished(run_id);

const PEOPLE = plan({
  kind: 'people',
  format: 'csv',
  mapping: {
    crm: { to: 'identifier', type: 'crm_id' },
    mail: { to: 'identifier', type: 'email' },
    age: { to: 'trait', name: 'age', as: 'number' },
    ads: { to: 'consent', purpose: 'ads', evidence: 'Paper form of 2024, box 2' },
    firm: { to: 'group' },
  },
});

describe('an import of people', () => {
  const text =
    'crm,mail,age,ads,firm,other\n1,ann@example.com,30,yes,acme,x\n2,not-an-address,many,perhaps,,\n,,40,,,\n4,dan@example.com,,,,\n';

  test('makes an event of every row that it takes, and says why it refuses the others', async () => {
    const service = newService();
    const { id, run_id } = await service.start({ name: 'CRM', plan: PEOPLE, text }, actor);
    expect(await finished(run_id)).toBe('done');
    expect(await service.show(id)).toMatchObject({
      state: 'done',
      rows: 4,
      accepted: 2,
      rejected: 2,
      progress: 1,
      created_by: 'Ada',
    });
    const [ann, group, dan] = [...fixture.log.values()];
    expect(ann).toMatchObject({
      type: 'identify',
      message_id: `import:${id}:2`,
      user_id: '',
      timestamp: NOW,
      traits: { email: 'ann@example.com', age: 30 },
      context: {
        externalIds: [
          { id: '1', type: 'crm_id' },
          { id: 'ann@example.com', type: 'email' },
        ],
        consent: { categoryPreferences: { ads: true }, evidence: { ads: 'Paper form of 2024, box 2' } },
      },
    });
    expect(ann?.anonymous_id).toMatch(/^import:[0-9a-f]{32}$/);
    expect(group).toMatchObject({ type: 'group', group_id: 'acme', anonymous_id: ann?.anonymous_id });
    // Nobody said anything of consent: it stays unknown.
    expect(dan?.context).not.toHaveProperty('consent');
    const { csv, rows, next } = await service.rejects(id, 0);
    expect(csv.split('\n')).toEqual([
      'row,column,rule,message,value_type',
      '3,ads,boolean,"The value must be true or false, yes or no, 1 or 0.",string',
      '3,age,number,The value must be a number such as 1234.5.,string',
      '3,mail,email,The value must be an e-mail address.,string',
      '4,,no_identifier,The row has no identifier.,empty',
    ]);
    expect([rows, next]).toEqual([2, null]);
    expect(csv).not.toContain('not-an-address');
    expect(readdirSync(join(fixture.folder, 'files'))).toEqual([]);
  });

  test('goes on where it was cut off, and takes no row twice', async () => {
    const many = `crm,mail,age,ads,firm\n${Array.from({ length: 1_700 }, (_, i) => `${i},,${i % 7 === 0 ? 'x' : i},,`).join('\n')}`;
    fixture.play.failing = 3;
    const { id, run_id } = await newService().start({ name: 'Many', plan: PEOPLE, text: many }, actor);
    expect(await finished(run_id)).toBe('failed');
    const service = newService();
    expect(await service.show(id)).toMatchObject({
      state: 'failed',
      rows: 1_000,
      error: 'The import stopped; resume it.',
    });
    const [again, twice] = await Promise.allSettled([service.resume(id, actor), service.resume(id, actor)]);
    if (again.status === 'rejected') throw again.reason;
    expect(twice.status).toBe('rejected');
    expect(await finished(again.value.run_id)).toBe('done');
    const refused = Math.ceil(1_700 / 7);
    expect(await service.show(id)).toMatchObject({
      state: 'done',
      rows: 1_700,
      accepted: 1_700 - refused,
      rejected: refused,
    });
    expect(fixture.log.size).toBe(1_700 - refused);
    expect(await refusal(service.resume(id, actor))).toBe('conflict');
  });

  test('says that it was cut off when the program stopped', async () => {
    const service = newService();
    const { id, run_id } = await service.start({ name: 'CRM', plan: PEOPLE, text }, actor);
    await finished(run_id);
    await fixture.control.script(`UPDATE imports SET state = 'running' WHERE id = '${id}'`);
    expect(await newService().show(id)).toMatchObject({
      state: 'failed',
      error: 'The program stopped in between: resume it.',
    });
  });
});

describe('an import of transactions', () => {
  test('makes track events, and one with an id of its own only once over all imports', async () => {
    const body = plan({
      kind: 'transactions',
      format: 'csv',
      day_first: true,
      mapping: {
        card: { to: 'identifier', type: 'loyalty_id' },
        hash: { to: 'identifier', type: 'email_sha256' },
        at: { to: 'timestamp' },
        till: { to: 'row_id' },
        total: { to: 'property', name: 'revenue', as: 'number' },
      },
    });
    const text = `card;hash;at;till;total\nL1;;31/10/2026 18:05;T1;12.50\nL2;${'AB'.repeat(32)};2026-11-01T09:00:00+01:00;T2;3\nL3;zz;2026-11-01;T3;1\nL4;;;T4;1\n`;
    const service = newService();
    const first = await service.start({ name: 'Tills', plan: body, text }, actor);
    await finished(first.run_id);
    await finished((await service.start({ name: 'Tills', plan: body, text }, actor)).run_id);
    expect([...fixture.log.values()]).toMatchObject([
      {
        type: 'track',
        event: 'Store Purchase',
        timestamp: '2026-10-31T18:05:00.000Z',
        properties: { revenue: 12.5, transaction_id: 'T1' },
      },
      {
        timestamp: '2026-11-01T08:00:00.000Z',
        context: { externalIds: [{ id: 'L2' }, { id: 'ab'.repeat(32), type: 'email_sha256' }] },
      },
    ]);
    expect((await service.show(first.id)).problems.map((p) => p.rule)).toEqual(['sha256', 'no_timestamp']);
  });
});

test('a plan that no row could fulfil is refused at once', async () => {
  const start = (kind: string, mapping: unknown) =>
    refusal(
      newService().start(
        { name: 'x', plan: plan({ kind, format: 'csv', mapping }), text: 'a,b\n1,2\n' },
        actor,
      ),
    );
  const id = { to: 'identifier', type: 'user_id' };
  expect(await start('people', { a: { to: 'trait', name: 'a' } })).toBe('invalid_input');
  expect(await start('match', { a: id })).toBe('invalid_input');
  expect(await start('transactions', { a: id })).toBe('invalid_input');
});

test('a match table joins two identifiers a row', async () => {
  const body = plan({
    kind: 'match',
    format: 'ndjson',
    mapping: { a: { to: 'identifier', type: 'user_id' }, b: { to: 'identifier', type: 'loyalty_id' } },
  });
  const service = newService();
  const { id, run_id } = await service.start(
    { name: 'Cards', plan: body, text: '{"a":"u1","b":77}\n{"a":"u2"}\nnonsense\n' },
    actor,
  );
  expect(await finished(run_id)).toBe('done');
  expect([...fixture.log.values()]).toMatchObject([
    { user_id: 'u1', anonymous_id: '', context: { externalIds: [{ id: '77' }] } },
  ]);
  expect((await service.show(id)).problems.map((p) => `${p.row} ${p.rule}`)).toEqual([
    '2 two_identifiers',
    '3 json',
  ]);
});

describe('a preview', () => {
  test('suggests a mapping and shows what rows would become', async () => {
    const text =
      'Customer ID,E-Mail,Phone Number,Created At,postcode,points,newsletter,note\nc1,a@example.com,+49 170 1234567,2026-01-02,01067,12,true,hi\nc2,b@example.com,0170 7654321,2026-01-03,80331,7.5,false,\n';
    const preview = await newService().preview({ text, format: 'csv', kind: 'people', day_first: false });
    expect(preview).toMatchObject({
      mapping: {
        'Customer ID': { to: 'identifier', type: 'user_id' },
        'E-Mail': { to: 'identifier', type: 'email' },
        'Phone Number': { to: 'identifier', type: 'phone' },
        'Created At': { to: 'trait', name: 'created_at', as: 'date' },
        postcode: { to: 'trait', name: 'postcode', as: 'text' },
        points: { to: 'trait', name: 'points', as: 'number' },
        newsletter: { to: 'trait', name: 'newsletter', as: 'boolean' },
        note: { to: 'trait', name: 'note', as: 'text' },
      },
      examined: 2,
      accepted: 2,
      problems: [],
      rows: [
        { row: 2, event: { user_id: 'c1', traits: { postcode: '01067', points: 12, newsletter: true } } },
        { row: 3 },
      ],
    });
    expect(
      suggestMapping(['sold', 'n'], [{ sold: '2026-10-26T22:30:37.465Z', n: '2' }], 'transactions', []),
    ).toEqual({
      sold: { to: 'timestamp' },
      n: { to: 'property', name: 'n', as: 'number' },
    });
    const types = ['email', 'email_sha256'];
    expect(suggestMapping(['email'], [{ email: 'ab'.repeat(32) }], 'match', types)).toEqual({
      email: { to: 'identifier', type: 'email_sha256' },
    });
  });

  test('refuses what is no table', async () => {
    const preview = (ask: object) =>
      newService().preview({ format: 'csv', kind: 'people', day_first: false, ...ask });
    expect(await refusal(preview({ text: 'a,a\n1,2\n' }))).toBe('invalid_body');
    expect(await refusal(preview({ text: 'a,\n1,2\n' }))).toBe('invalid_body');
    expect(await refusal(preview({ text: 'a,b\n1,"2\n3,4\n' }))).toBe('invalid_body');
    expect(await refusal(preview({}))).toBe('invalid_input');
    expect(await refusal(preview({ text: 'a\n1\n', file: 'b' }))).toBe('invalid_input');
    expect(await refusal(preview({ file: '../../etc/passwd' }))).toBe('invalid_input');
    expect(await refusal(preview({ file: 'nothing.csv' }))).toBe('not_found');
    expect(await preview({ text: '' })).toMatchObject({ columns: [], rows: [] });
  });
});

test('a file can be sent in pieces, or lie in the folder already', async () => {
  const service = newService();
  const first = await service.upload({ file: 'people.csv', text: 'crm,mail\n1,a@ex', offset: 0 });
  expect(first).toEqual({ file: 'sent-people.csv', bytes: 15 });
  expect(await refusal(service.upload({ file: 'people.csv', text: 'x', offset: 99 }))).toBe('conflict');
  await service.upload({ file: first.file, text: 'ample.com\n', offset: first.bytes });
  const sent = await service.start({ name: 'Sent', plan: PEOPLE, file: first.file }, actor);
  expect(await finished(sent.run_id)).toBe('done');
  writeFileSync(join(fixture.folder, 'files', 'left.csv'), 'crm,mail\n2,b@example.com\n');
  const left = await service.start({ name: 'Left', plan: PEOPLE, file: 'left.csv' }, actor);
  expect(await finished(left.run_id)).toBe('done');
  expect([...fixture.log.values()].map((event) => event.traits['email'])).toEqual([
    'a@example.com',
    'b@example.com',
  ]);
  expect(readdirSync(join(fixture.folder, 'files'))).toEqual(['left.csv']);
});

describe('reading a table', () => {
  const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', ';', '\n', '\r\n', 'ä', '😀', ' ') });
  const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;

  test('gives back what was written, over any split into chunks', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(cell, cell), { maxLength: 8 }),
        fc.integer({ min: 1, max: 7 }),
        fc.boolean(),
        async (rows, size, newline) => {
          const text = `\ufeffa,b\n${rows.map((row) => row.map(quote).join(',')).join('\r\n')}${newline ? '\n' : ''}`;
          const characters = Array.from(text);
          const chunks = Array.from({ length: Math.ceil(characters.length / size) }, (_, i) =>
            characters.slice(i * size, (i + 1) * size).join(''),
          );
          const read: unknown[] = [];
          for await (const row of readRows('csv', chunks))
            read.push(isProblem(row) ? row.rule : [row.cells['a'], row.cells['b']]);
          expect(read).toEqual(rows);
        },
      ),
    );
  });

  test('never fails without a reason for a person', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', '{', '}', ':', '1') }),
        fc.constantFrom('csv' as const, 'ndjson' as const),
        async (text, format) => {
          try {
            for await (const row of readRows(format, [text])) expect(row.row).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toBeInstanceOf(AppError);
          }
        },
      ),
    );
  });
});

describe('a cell', () => {
  test('reads as its type or not at all', () => {
    expect([
      castCell('1.5e3', 'number', false),
      castCell('1,5', 'number', false),
      castCell('0x10', 'number', false),
    ]).toMatchObject([{ value: 1_500 }, { ok: false }, { ok: false }]);
    expect([castCell('Yes', 'boolean', false), castCell('maybe', 'boolean', false)]).toMatchObject([
      { value: true },
      { ok: false },
    ]);
    expect([castCell('{"a":1}', 'json', false), castCell('{a}', 'json', false)]).toMatchObject([
      { value: { a: 1 } },
      { ok: false },
    ]);
  });
  test('a date is real, and days and months are told apart', () => {
    const read = (text: string, day_first = false) => {
      const ms = readDate(text, day_first);
      return Number.isNaN(ms) ? 'no' : new Date(ms).toISOString();
    };
    expect(read('2026-02-29')).toBe('no');
    expect(read('2024-02-29')).toBe('2024-02-29T00:00:00.000Z');
    expect(read('2026-03-04T05:06:07.5+02:00')).toBe('2026-03-04T03:06:07.500Z');
    expect(read('03/04/2026')).toBe('2026-03-04T00:00:00.000Z');
    expect(read('03/04/2026', true)).toBe('2026-04-03T00:00:00.000Z');
    expect(read('03.04.2026 7:30')).toBe('2026-04-03T07:30:00.000Z');
    expect(read('13/13/2026')).toBe('no');
    expect(read('1764000000')).toBe('2025-11-24T16:00:00.000Z');
    expect(read('yesterday')).toBe('no');
  });
});
