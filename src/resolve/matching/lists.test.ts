/** Uploads and rules: what is stored, what is refused, and where. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { CSV, MAPPING, openProduct, type Product, RULES } from './fixture-product.ts';
import { matchingRulesKind } from './matching-rules-kind.ts';
import type { Upload } from './shapes.ts';

let product: Product;
beforeAll(async () => {
  product = await openProduct();
});
afterAll(() => product.stores.close());
const call = <Answer>(name: string, input: object): Promise<Answer> => product.call<Answer>(name, input);

describe('lists', () => {
  test('a dry run says what would be stored, and stores nothing', async () => {
    const answer = await call<Upload>('matching.upload-list', { ...MAPPING, text: CSV, dry_run: true });
    expect(answer).toMatchObject({ list: null, accepted: 200, rejected: 3 });
    expect(answer.columns.map((c) => c.stored_as)).toEqual(['first_name', 'last_name', 'email', 'postcode']);
    expect(answer.rejects.map((r) => [r.line, r.reason])).toEqual([
      [202, 'repeated_id'],
      [203, 'all_empty'],
      [204, 'no_id'],
    ]);
    expect((await call<{ lists: unknown[] }>('matching.lists', {})).lists).toEqual([]);
  });

  test('rules over a list that nobody uploaded are refused', async () => {
    await expect(call('matching.run', { rules: 'crm' })).rejects.toThrow('Upload the list crm');
    await expect(call('matching.run', { rules: 'other' })).rejects.toThrow('no released matching rules');
  });

  test('an upload replaces the list, or appends to it', async () => {
    const old = 'Id,first_name\nold,x';
    await call('matching.upload-list', { ...MAPPING, columns: {}, text: old });
    const answer = await call<Upload>('matching.upload-list', { ...MAPPING, text: CSV });
    expect(answer.list?.records).toBe(200);
    const json = '{"Id":"n1","first_name":"nobody","tags":["a"]}\nnot json\n[1]';
    const more = await call<Upload>('matching.upload-list', {
      ...MAPPING,
      columns: {},
      format: 'ndjson',
      text: json,
      append: true,
    });
    expect(more.list).toMatchObject({
      records: 201,
      columns: ['first_name', 'last_name', 'email', 'postcode', 'tags'],
    });
    expect(more.rejects.map((r) => r.reason)).toEqual(['not_json', 'not_an_object']);
  });

  test('columns may have any name', async () => {
    const text = '{"constructor":"1","toString":"x"}\n{"id":"2"}\n{"constructor":"3","__proto__":"y"}';
    const answer = await call<Upload>('matching.upload-list', {
      name: 'odd',
      id_column: 'constructor',
      format: 'ndjson',
      text,
      dry_run: true,
    });
    expect(answer.rejects.map((r) => r.reason)).toEqual(['no_id']);
    expect(answer.sample[0]).toEqual({ record_id: '1', fields: { tostring: 'x' } });
  });

  test('semicolons part cells as well; two columns of one name are refused', async () => {
    const semicolons = {
      name: 'semi',
      id_column: 'id',
      text: 'id;name\n1;Ann\n2;Bob, junior',
      dry_run: true,
    };
    expect(await call<Upload>('matching.upload-list', semicolons)).toMatchObject({
      accepted: 2,
      sample: [{ record_id: '1', fields: { name: 'Ann' } }, { fields: { name: 'Bob, junior' } }],
    });
    await expect(call('matching.upload-list', { ...semicolons, text: 'id,name,id\n1,a,2' })).rejects.toThrow(
      'Two columns are named id',
    );
  });

  test('files that cannot be meant are refused with the place', async () => {
    await expect(call('matching.upload-list', { ...MAPPING, text: 'a,b\n1,2' })).rejects.toThrow(
      'no column Id',
    );
    await expect(
      call('matching.upload-list', { ...MAPPING, columns: { zip: 'last_name' }, text: CSV }),
    ).rejects.toThrow('Two columns would be stored as last_name');
    await expect(call('matching.upload-list', { ...MAPPING, columns: {}, text: 'Id,x\n,1' })).rejects.toThrow(
      'No record',
    );
  });
});

describe('the rules', () => {
  test('are checked with the place', () => {
    expect(matchingRulesKind.check(RULES, 'crm')).toEqual([]);
    const bad = {
      ...RULES,
      mode: 'dedupe',
      blocking: [['nick']],
      comparisons: [
        { name: 'a', field: 'email', levels: [{ is: 'date_within', days: 3 }], term_frequency: true },
      ],
    };
    expect(matchingRulesKind.check(bad, 'crm').map((p) => p.field)).toEqual([
      'right',
      'blocking.0.0',
      'comparisons.0.levels.0',
      'comparisons.0.term_frequency',
    ]);
    expect(matchingRulesKind.check({}, 'crm').map((p) => p.field)).toContain('mode');
  });
});
