/** What the SQL does to single values and pairs: rows in, rows out, on the embedded engine. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sql } from '../../kernel/sql.ts';
import { cleaned } from './clean.sql.ts';
import { decidePairs } from './decide-pairs.ts';
import { scorePairs } from './engine.service.ts';
import { openStores, recordIds, rulesOf, type Stores, UNMERGED } from './fixture.ts';
import { levelOf } from './levels.sql.ts';
import { listRecords } from './records.sql.ts';
import type { ComparisonRule, FieldRule } from './rules.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

async function clean(
  field: Partial<FieldRule>,
  texts: readonly string[],
  hashed = false,
): Promise<unknown[]> {
  const out: unknown[] = [];
  for (const text of texts) {
    const rule: FieldRule = { name: 'x', clean: 'text', ...field };
    const [row] = await stores.warehouse.query<{ v: unknown }>(
      sql`SELECT ${cleaned(rule, sql`raw`, hashed)} AS v FROM (SELECT ${text} AS raw)`,
    );
    out.push(row?.v);
  }
  return out;
}

describe('cleaners', () => {
  test('names lose accents, case and signs, in any script', async () => {
    expect(
      await clean({ clean: 'name' }, [
        '  Zoë  Müller-Lüdenscheidt ',
        "O'Hara",
        'Łukasz Straße',
        'Ирина',
        '',
        '\\',
      ]),
    ).toEqual(['zoe muller ludenscheidt', 'o hara', 'lukasz strasse', 'ирина', '', '']);
  });

  test('dates of several forms; impossible ones keep their digits', async () => {
    expect(
      await clean({ clean: 'date' }, [
        '19560409',
        '1956-04-09T10:00:00Z',
        '9.4.1956',
        '09/04/1956',
        '19561399',
        'soon',
        '',
      ]),
    ).toEqual(['1956-04-09', '1956-04-09', '1956-04-09', '1956-04-09', '1956-13-99', '', '']);
  });

  test('mail, phone, postcode, number and list', async () => {
    expect(await clean({ clean: 'email' }, [' Ada@Example.COM', 'nobody', '@x'])).toEqual([
      'ada@example.com',
      '',
      '',
    ]);
    expect(
      await clean({ clean: 'phone' }, ['+49 (171) 123-4567', '0049171 1234567', '0171/1234567', '12']),
    ).toEqual(['491711234567', '491711234567', '1711234567', '']);
    expect(await clean({ clean: 'postcode' }, ['sw1a 1aa', '10-115'])).toEqual(['SW1A1AA', '10115']);
    expect(await clean({ clean: 'number' }, ['1.50', 'x'])).toEqual(['1.5', '']);
    expect(await clean({ clean: 'list' }, ['b, A;b', '["x","y"]', ''])).toEqual([['a', 'b'], ['x', 'y'], []]);
  });

  test('hashed fields: lists are compared as given, people are hashed like them', async () => {
    const hash = { clean: 'email', hash: 'sha256' } as const;
    // SHA-256 of a@b.example
    const digest =
      (await stores.warehouse.query<{ d: string }>(sql`SELECT lower(hex(SHA256('a@b.example'))) AS d`))[0]
        ?.d ?? '';
    expect(await clean(hash, [digest.toUpperCase()], true)).toEqual([digest]);
    expect(await clean(hash, ['A@b.example ', digest, ''])).toEqual([digest, digest, '']);
  });
});

/** Level of each comparison for one pair, by running the whole engine on two records. */
async function levels(left: Record<string, string>, right: Record<string, string>): Promise<number[]> {
  const token = `t${++run}`;
  await stores.fill(token, [
    { id: 'a', fields: { all: '1', ...left } },
    { id: 'b', fields: { all: '1', ...right } },
  ]);
  const source = listRecords(EVERY, { list: token, identifier_type: 'id' }, 0, UNMERGED);
  const scored = await scorePairs(stores.warehouse, { rules: EVERY, source, token });
  await scored.drop();
  return [...(scored.patterns[0]?.levels ?? [])];
}
let run = 0;

const EVERY = rulesOf({
  mode: 'dedupe',
  left: { list: 'x' },
  fields: [
    { name: 'all' },
    { name: 'first', clean: 'name' },
    { name: 'last', clean: 'name' },
    { name: 'born', clean: 'date' },
    { name: 'amount', clean: 'number' },
    { name: 'phone', clean: 'phone' },
    { name: 'tags', clean: 'list' },
  ],
  blocking: [['all']],
  comparisons: [
    {
      name: 'first',
      field: 'first',
      levels: [
        { is: 'all', of: [{ is: 'exact' }, { is: 'exact', field: 'last' }] },
        { is: 'exact' },
        { is: 'swapped', with: 'last' },
        { is: 'jaro_winkler', at_least: 0.9 },
        { is: 'phonetic' },
      ],
    },
    {
      name: 'born',
      field: 'born',
      levels: [
        { is: 'exact' },
        { is: 'damerau_levenshtein', at_most: 1 },
        { is: 'date_within', days: 10 },
        { is: 'months_within', months: 2 },
      ],
    },
    {
      name: 'amount',
      field: 'amount',
      levels: [
        { is: 'number_within', difference: 1 },
        { is: 'share_within', share: 0.1 },
      ],
    },
    { name: 'phone', field: 'phone', levels: [{ is: 'exact' }, { is: 'same_end', length: 7 }] },
    {
      name: 'tags',
      field: 'tags',
      levels: [
        { is: 'common_items', at_least: 2 },
        { is: 'common_items', at_least: 1 },
      ],
    },
  ],
});

describe('levels', () => {
  test('the first that holds counts; missing values say nothing', async () => {
    const full = {
      first: 'Martha',
      last: 'Jones',
      born: '1980-02-10',
      amount: '100',
      phone: '+49 171 1234567',
      tags: 'a,b,c',
    };
    expect(await levels(full, full)).toEqual([1, 1, 1, 1, 1]);
    expect(await levels(full, { last: 'Jones' })).toEqual([0, 0, 0, 0, 0]);
    expect(
      await levels(full, {
        first: 'Martha',
        last: 'Smith',
        born: '1980-02-01',
        amount: '109',
        phone: '0171 1234567',
        tags: 'c,d',
      }),
    ).toEqual([2, 2, 2, 2, 2]);
    expect(
      await levels(full, {
        first: 'Jones',
        last: 'Martha',
        born: '1980-01-31',
        amount: '120',
        phone: '0171 1234568',
        tags: 'd',
      }),
    ).toEqual([3, 3, 3, 3, 3]);
    expect(await levels(full, { first: 'Marhta', last: 'Jones', born: '1980-04-28' })).toEqual([
      4, 4, 0, 0, 0,
    ]);
    expect(await levels({ first: 'Robert' }, { first: 'Rupart', born: 'x' })).toEqual([5, 0, 0, 0, 0]);
    expect(await levels(full, { first: 'Xavier', born: '1999-12-31' })).toEqual([6, 5, 0, 0, 0]);
    // An impossible date can be one slip away, and is near no date.
    expect(await levels(full, { born: '1980-02-30' })).toEqual([0, 2, 0, 0, 0]);
  });
});

describe('names in any script', () => {
  const firstLevel = async (a: string, b: string) => (await levels({ first: a }, { first: b }))[0];

  test('no name sounds like another that soundex cannot read', async () => {
    expect(await firstLevel('Мария', 'Борис')).toBe(6);
    expect(await firstLevel('王伟', '佐藤')).toBe(6);
    expect(await firstLevel('たなか', 'さとう')).toBe(6);
    expect(await firstLevel('123', '456')).toBe(6);
    const rules = rulesOf({ ...EVERY, blocking: [[{ field: 'first', as: 'soundex' }]] });
    await stores.fill('scripts', [
      { id: 'a', fields: { first: 'Мария' } },
      { id: 'b', fields: { first: 'Борис' } },
      { id: 'c', fields: { first: 'Robert' } },
      { id: 'd', fields: { first: 'Rupert' } },
    ]);
    const source = listRecords(rules, { list: 'scripts', identifier_type: 'id' }, 0, UNMERGED);
    const scored = await scorePairs(stores.warehouse, { rules, source, token: 'scripts' });
    await scored.drop();
    expect(scored.compared_pairs).toBe(1);
  });

  test('letters are compared, not bytes', async () => {
    const measures = (is: 'jaro_winkler' | 'damerau_levenshtein', at: number) =>
      rulesOf({
        ...EVERY,
        comparisons: [
          {
            name: 'x',
            field: 'first',
            levels: [is === 'jaro_winkler' ? { is, at_least: at } : { is, at_most: at }],
          },
        ],
      }).comparisons[0] as ComparisonRule;
    const holds = async (comparison: ComparisonRule, l: string, r: string) => {
      const [row] = await stores.warehouse.query<{
        level: number;
      }>(sql`SELECT ${levelOf(comparison, EVERY.fields)} AS level
        FROM (SELECT ${l} AS f_first, 1 AS k) AS l INNER JOIN (SELECT ${r} AS f_first, 1 AS k) AS r ON l.k = r.k`);
      return row?.level === 1;
    };
    const slip = measures('damerau_levenshtein', 1);
    expect(await holds(slip, '王伟', '李伟')).toBe(true);
    expect(await holds(slip, 'мария', 'марья')).toBe(true);
    expect(await holds(slip, 'мария', 'мраия')).toBe(true);
    expect(await holds(slip, 'smith', 'smiтh')).toBe(true);
    expect(await holds(slip, 'мария', 'марк')).toBe(false);
    // As MARTHA and MARHTA: 0.961 by Winkler's own table.
    expect(await holds(measures('jaro_winkler', 0.961), 'мартха', 'мархта')).toBe(true);
    expect(await holds(measures('jaro_winkler', 0.962), 'мартха', 'мархта')).toBe(false);
    expect(await holds(measures('jaro_winkler', 0.1), 'たなか', 'さとう')).toBe(false);
  });
});

describe('pairs', () => {
  const rows = [
    { id: 'r1', fields: { name: 'ann', city: 'bonn', tags: 'x,y' } },
    { id: 'r2', fields: { name: 'ann', city: 'bonn', tags: 'y,x' } },
    { id: 'r3', fields: { name: 'ann', city: 'kiel', tags: 'z' } },
    { id: 'r4', fields: { name: 'bob', city: 'kiel', tags: 'z,x' } },
    { id: 'r5', fields: { name: '', city: '', tags: '' } },
  ];
  const rules = (changes: object) =>
    rulesOf({
      mode: 'dedupe',
      left: { list: 'p' },
      fields: [
        { name: 'name', clean: 'name' },
        { name: 'city', clean: 'name' },
        { name: 'tags', clean: 'list' },
      ],
      blocking: [['name'], ['city'], [{ field: 'tags', as: 'item' }]],
      comparisons: [{ name: 'name', field: 'name', levels: [{ is: 'exact' }], term_frequency: true }],
      ...changes,
    });
  const score = async (of: ReturnType<typeof rules>, list: string) => {
    const source = listRecords(of, { list, identifier_type: 'id' }, 0, UNMERGED);
    return scorePairs(stores.warehouse, { rules: of, source, token: `p${++run}` });
  };

  test('each pair once, under the first rule that finds it, also through lists', async () => {
    await stores.fill('p', rows.toReversed());
    const scored = await score(rules({}), 'p');
    const ids = await recordIds(stores.warehouse, scored.scratch);
    const pairs = await stores.warehouse.query<{ l: number; r: number; mask: number }>(
      sql`SELECT l, r, mask FROM ${scored.scratch.pairs} ORDER BY l, r`,
    );
    await scored.drop();
    expect(ids).toEqual(['r1', 'r2', 'r3', 'r4', 'r5']);
    expect(pairs).toEqual([
      { l: 0, r: 1, mask: 7 },
      { l: 0, r: 2, mask: 1 },
      { l: 0, r: 3, mask: 4 },
      { l: 1, r: 2, mask: 1 },
      { l: 1, r: 3, mask: 4 },
      { l: 2, r: 3, mask: 6 },
    ]);
    expect(scored.blocking.map((b) => b.found)).toEqual([3, 1, 2]);
  });

  test('a giant block is left out of its rule, and its pairs go to the next that finds them', async () => {
    const scored = await score(rules({ max_block_pairs: 2 }), 'p');
    expect(scored.blocking.map((b) => [b.found, b.skipped_blocks, b.skipped_pairs])).toEqual([
      [0, 1, 3],
      [2, 0, 0],
      [0, 1, 3],
    ]);
    await scored.drop();
  });

  test('nothing at all is no error', async () => {
    const scored = await score(rules({}), 'nobody');
    expect(scored).toMatchObject({ records: { left: 0, right: 0 }, compared_pairs: 0, bins: [] });
    expect(await scored.edges(0)).toEqual([]);
    await scored.drop();
  });

  test('a cancelled run leaves no table', async () => {
    const source = listRecords(rules({}), { list: 'p', identifier_type: 'id' }, 0, UNMERGED);
    const stop = new AbortController();
    const watch = { signal: stop.signal, progress: (share: number) => share > 0.2 && stop.abort() };
    await expect(
      scorePairs(stores.warehouse, { rules: rules({}), source, token: 'gone', watch }),
    ).rejects.toThrow();
    expect(
      await stores.warehouse.query(sql`SELECT name FROM system.tables WHERE name LIKE '%gone%'`),
    ).toEqual([]);
  });

  test('what becomes of pairs: joined, rivals, below the threshold', () => {
    const link = rules({ mode: 'link', right: { list: 'q' }, auto: true, rival_margin: 1 });
    const edges = [
      { l: 0, r: 10, weight: 20 },
      { l: 1, r: 10, weight: 15 },
      { l: 1, r: 11, weight: 12 },
      { l: 2, r: 11, weight: 11.5 },
      { l: 3, r: 12, weight: 3 },
    ];
    const found = decidePairs(link, edges, { accept_weight: 5, left_records: 10, apart: [] });
    expect(found.decided).toEqual([
      { l: 0, r: 10, reason: 'none', group: 1 },
      { l: 1, r: 11, reason: 'rival', group: 0 },
      { l: 2, r: 11, reason: 'rival', group: 0 },
      { l: 3, r: 12, reason: 'below_accept', group: 0 },
    ]);
    expect(found.set_aside).toEqual({ assignment: 1, rival: 1, bridge: 0 });
    const careful = decidePairs({ ...link, auto: false }, edges, {
      accept_weight: 5,
      left_records: 10,
      apart: [],
    });
    expect(careful.decided[0]).toEqual({ l: 0, r: 10, reason: 'not_auto', group: 0 });
  });
});
