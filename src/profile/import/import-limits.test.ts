/** What an import refuses, how it says so, and what a wrong mapping may cost. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_RULES } from '../../resolve/rules/identity-rules.ts';
import { actor, type ImportFixture, openImports, plan, refusal } from './fixture-import.ts';
import { readRows } from './read-rows.ts';
import { IMPORT_PROBLEMS_MAX, ROW_PROBLEMS_MAX } from './reject-file.ts';

let fixture: ImportFixture;
beforeAll(async () => {
  fixture = await openImports();
});
afterAll(() => fixture.close());
beforeEach(() => fixture.clear());

const BADGES = {
  ...DEFAULT_RULES,
  identifiers: [...DEFAULT_RULES.identifiers, { type: 'badge_no', limit: { ever: 1 }, blocked: ['B0'] }],
};
const USER = { u: { to: 'identifier', type: 'user_id' } };

async function imported(body: object, text: string) {
  const service = fixture.newService();
  const format = text.startsWith('{') ? 'ndjson' : 'csv';
  const started = { name: 'x', plan: plan({ kind: 'people', format, ...body }), text };
  const { id, run_id } = await service.start(started, actor);
  const state = await fixture.finished(run_id);
  return { service, id, state, shown: await service.show(id) };
}
const preview = (text: string, kind: 'people' | 'match' = 'people', mapping?: Record<string, never>) =>
  fixture.newService().preview({ text, format: 'csv', kind, day_first: false, mapping });

describe('identifiers', () => {
  test('of a type that the identity rules do not know are refused with the plan', async () => {
    const mapping = { badge: { to: 'identifier', type: 'badge_no' } };
    const start = () => imported({ mapping }, 'badge\nB1\n');
    await expect(start()).rejects.toMatchObject({
      details: {
        field: 'plan.mapping.badge',
        rule: 'unknown_type',
        message: expect.stringMatching(/user_id, crm_id/),
      },
    });
    await expect(preview('badge\nB1\n', 'people', mapping as never)).rejects.toThrow(
      'no identifier badge_no',
    );
    fixture.play.rules = BADGES;
    expect((await start()).shown).toMatchObject({ accepted: 1, rejected: 0 });
  });

  test('that the rules would not take are refused by row', async () => {
    fixture.play.rules = BADGES;
    const mapping = {
      ...USER,
      mail: { to: 'identifier', type: 'email' },
      badge: { to: 'identifier', type: 'badge_no' },
    };
    const { shown } = await imported({ mapping }, 'u,mail,badge\n1,x@b,\nnull,a@b.de,\n3,,B0\n4,a@b.de,B1\n');
    expect(shown.problems.map((p) => [p.row, p.column, p.rule])).toEqual([
      [2, 'mail', 'email'],
      [4, 'badge', 'blocked'],
    ]);
    // `null` is how exports write an empty cell: that row is told by its address.
    expect(fixture.log.size).toBe(2);
    const match = { kind: 'match', mapping: { u: mapping.u, mail: mapping.mail } };
    expect((await imported(match, 'u,mail\n1,x@b\n')).shown).toMatchObject({ accepted: 0, rejected: 1 });
  });

  test('of an own type are suggested by name, and those that the rules do not know are not', async () => {
    const text = 'Badge No,loyalty since\nB1,x\n';
    expect((await preview(text)).mapping['Badge No']).toMatchObject({ to: 'trait' });
    fixture.play.rules = BADGES;
    expect((await preview(text)).mapping).toEqual({
      'Badge No': { to: 'identifier', type: 'badge_no' },
      'loyalty since': { to: 'trait', name: 'loyalty_since', as: 'text' },
    });
    expect((await preview('badge\nB1\n', 'match')).mapping).toEqual({
      badge: { to: 'identifier', type: 'badge_no' },
    });
    fixture.play.rules = { ...DEFAULT_RULES, identifiers: [{ type: 'user_id', paths: ['user_id'] }] };
    expect((await preview('email\na@b.de\n')).mapping).toEqual({
      email: { to: 'trait', name: 'email', as: 'text' },
    });
  });
});

describe('numbers', () => {
  test('with more digits than a number keeps are text', async () => {
    const text = 'u,card,zip,points\nu1,6304123456789012345,01067,7\nu2,6304123456789012346,80331,8\n';
    const { mapping, rows } = await preview(text);
    expect(mapping).toMatchObject({ card: { as: 'text' }, zip: { as: 'text' }, points: { as: 'number' } });
    expect(rows[0]?.event).toBeNull();
    const as = { ...USER, card: { to: 'trait', name: 'card', as: 'number' } };
    const { shown } = await imported({ mapping: as }, text);
    expect(shown.problems.map((p) => p.rule)).toEqual(['unsafe_integer', 'unsafe_integer']);
    const lines =
      '{"u":6304123456789012345,"card":1}\n{"u":"a","card":6304123456789012345}\n{"u":"b","card":1e15}\n';
    const ndjson = await imported({ mapping: { ...as, card: { to: 'trait', name: 'card' } } }, lines);
    expect(ndjson.shown.problems.map((p) => `${p.row} ${p.rule}`)).toEqual([
      '1 unsafe_integer',
      '2 unsafe_integer',
    ]);
  });

  test('of a model are scores of people', async () => {
    const mapping = { ...USER, churn: { to: 'score', name: 'churn' } };
    const { shown } = await imported({ mapping }, 'u,churn\nu1,0.25\nu2,high\n');
    expect(shown).toMatchObject({ accepted: 1, problems: [{ row: 3, rule: 'number' }] });
    expect([...fixture.log.values()]).toMatchObject([{ traits: {}, context: { scores: { churn: 0.25 } } }]);
    const at = { t: { to: 'timestamp' } };
    const sold = () => imported({ kind: 'transactions', mapping: { ...mapping, ...at } }, 'u,churn,t\n');
    expect(await refusal(sold())).toBe('invalid_input');
  });
});

describe('the reject file', () => {
  const WIDE = Array.from({ length: 200 }, (_, i) => `c${i}`);
  const mapping = {
    ...USER,
    ...Object.fromEntries(WIDE.map((name) => [name, { to: 'trait', name, as: 'number' }])),
  };
  const wide = (rows: number) =>
    `u,${WIDE.join(',')}\nok${','.repeat(200)}\n${Array.from({ length: rows }, (_, i) => `u${i}${',x'.repeat(200)}`).join('\n')}`;

  test('is bounded by row and by import, and says how much it leaves out', async () => {
    const { service, id, shown } = await imported({ mapping }, wide(3_000));
    const lines = ROW_PROBLEMS_MAX + 1;
    const rows = Math.floor(IMPORT_PROBLEMS_MAX / lines);
    expect(shown).toMatchObject({ state: 'done', rejected: 3_000 });
    expect(shown.problems_left_out).toBe(3_000 * 200 - rows * ROW_PROBLEMS_MAX);
    const { csv, next } = await service.rejects(id, 0);
    expect(csv).toContain('3,,more,180 more cells of this row are refused.,row');
    expect(next).not.toBeNull();
    const [kept] = await fixture.control.all<{ n: number }>({
      is: 'sql',
      chunks: [{ is: 'raw', text: `SELECT count(*) AS n FROM import_rejects WHERE import_id = '${id}'` }],
    });
    expect(kept?.n).toBe(rows * lines);
  });

  test('ends early when nothing at all can be taken; whoever goes on looks further', async () => {
    const text = `u,n\n${'u1,x\n'.repeat(25_000)}`;
    const body = { mapping: { ...USER, n: { to: 'trait', name: 'n', as: 'number' } } };
    const { service, id, state, shown } = await imported(body, text);
    expect(state).toBe('failed');
    expect(shown).toMatchObject({ state: 'failed', rows: 10_000, accepted: 0 });
    expect(shown.error).toContain('None of the first 10000 rows can be taken');
    await fixture.finished((await service.resume(id, actor)).run_id);
    expect(await service.show(id)).toMatchObject({ state: 'failed', rows: 20_000 });
  });
});

describe('a file', () => {
  test('without rows is no import that is done', async () => {
    const { state, shown } = await imported({ mapping: USER }, 'u,name\n');
    expect([state, shown.error]).toEqual(['failed', 'The file has no rows.']);
    expect(await preview('u,name\n')).toMatchObject({
      columns: ['u', 'name'],
      examined: 0,
      problems: [{ rule: 'no_rows' }],
    });
  });

  test('may end its lines with CR alone', async () => {
    const read = async (format: 'csv' | 'ndjson', text: string, size: number) => {
      const rows: unknown[] = [];
      const chunks = Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
        text.slice(i * size, (i + 1) * size),
      );
      for await (const row of readRows(format, chunks)) rows.push(row);
      return rows;
    };
    for (const size of [1, 2, 3, 100]) {
      const rows = [
        { row: 2, cells: { a: '1', 'b\nc': '2' } },
        { row: 3, cells: { a: '3', 'b\nc': 'x\ry' } },
      ];
      expect(await read('csv', 'a,"b\nc"\r1,2\r3,"x\ry"\r', size)).toEqual(rows);
      expect(await read('csv', 'a,"b\nc"\r1,2\r3,"x\ry"', size)).toEqual(rows);
      expect(await read('csv', 'a,"b\nc"\r\n1,2\r\n3,"x\ry"\r\n', size)).toEqual(rows);
      expect(await read('ndjson', '{"a":1}\r{"a":2}\r\n{"a":3}', size)).toEqual([
        { row: 1, cells: { a: 1 } },
        { row: 2, cells: { a: 2 } },
        { row: 3, cells: { a: 3 } },
      ]);
    }
    expect((await imported({ mapping: USER }, 'u,name\ru1,Ann\ru2,Bob\r')).shown).toMatchObject({
      accepted: 2,
    });
  });
});
