/** Against published answers: FEBRL dataset 3, Splink's fake_1000, and patterns drawn from known parameters. */
import { existsSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clusterEdges } from './clusters.ts';
import { estimateMixture } from './em.ts';
import { scorePairs } from './engine.service.ts';
import { openStores, recordIds, rulesOf, type Stores, UNMERGED } from './fixture.ts';
import { recordSource } from './records.sql.ts';
import type { MatchingRules } from './rules.ts';
import { weightOf } from './weights.ts';

const FOLDER = new URL('../../../../shared/reference/', import.meta.url);
const present = existsSync(FOLDER);
if (!present) process.stderr.write('SKIPPED: reference data for matching is not beside the repository\n');

const rowsOf = (file: string): Record<string, string>[] => {
  const [head, ...lines] = readFileSync(new URL(file, FOLDER), 'utf8').trim().split('\n');
  const names = (head ?? '').split(',').map((name) => name.trim());
  return lines.map((line) => {
    const cells = line.split(',');
    return Object.fromEntries(names.map((name, i) => [name, (cells[i] ?? '').trim()]));
  });
};

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

/** Precision, recall and F1 of the pairs at a probability, with and without clusters. */
async function score(rules: MatchingRules, list: string, truth: (id: string) => string, probability: number) {
  const source = recordSource(rules, {
    person: UNMERGED,
    left: { list, identifier_type: 'crm_id' },
    right: undefined,
  });
  const scored = await scorePairs(stores.warehouse, { rules, source, token: list });
  const ids = await recordIds(stores.warehouse, scored.scratch);
  const groups = Map.groupBy(ids, truth);
  const true_pairs = [...groups.values()].reduce((sum, g) => sum + (g.length * (g.length - 1)) / 2, 0);
  const edges = await scored.edges(weightOf(probability));
  const same = (l: number, r: number) => truth(ids[l] ?? '') === truth(ids[r] ?? '');
  const measure = (pairs: { l: number; r: number }[]) => {
    const hits = pairs.filter(({ l, r }) => same(l, r)).length;
    const precision = hits / pairs.length;
    const recall = hits / true_pairs;
    return { precision, recall, f1: (2 * precision * recall) / (precision + recall) };
  };
  const clustered = clusterEdges(edges, rules).groups.flatMap((g) =>
    g.flatMap((l, i) => g.slice(i + 1).map((r) => ({ l, r }))),
  );
  await scored.drop();
  return {
    scored,
    pairs: measure(edges),
    clusters: measure(clustered),
    true_pairs,
    compared: scored.compared_pairs,
  };
}

const FEBRL = rulesOf({
  mode: 'dedupe',
  left: { list: 'febrl' },
  sample_pairs: 200_000,
  fields: [
    { name: 'given_name', clean: 'name' },
    { name: 'surname', clean: 'name' },
    { name: 'street_number' },
    { name: 'address_1' },
    { name: 'suburb' },
    { name: 'postcode', clean: 'postcode' },
    { name: 'date_of_birth', clean: 'date' },
    { name: 'soc_sec_id' },
  ],
  blocking: [
    ['soc_sec_id'],
    ['date_of_birth'],
    ['postcode', 'surname'],
    ['given_name', 'surname'],
    ['given_name', 'postcode'],
    ['surname', { field: 'soc_sec_id', as: 'prefix', length: 3 }],
    ['suburb', 'street_number'],
  ],
  comparisons: [
    {
      name: 'given_name',
      field: 'given_name',
      levels: [{ is: 'exact' }, { is: 'swapped', with: 'surname' }, { is: 'jaro_winkler', at_least: 0.85 }],
    },
    { name: 'surname', field: 'surname', levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.85 }] },
    {
      name: 'date_of_birth',
      field: 'date_of_birth',
      levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 1 }],
    },
    {
      name: 'soc_sec_id',
      field: 'soc_sec_id',
      levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 2 }],
    },
    {
      name: 'postcode',
      field: 'postcode',
      levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 1 }],
    },
    {
      name: 'street_number',
      field: 'street_number',
      levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 1 }],
    },
    {
      name: 'address_1',
      field: 'address_1',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.88 }],
    },
  ],
});

describe.skipIf(!present)('reference data', () => {
  test('FEBRL dataset 3: F1 of at least .99', async () => {
    await stores.fill(
      'febrl',
      rowsOf('febrl/dataset3.csv').map(({ rec_id, ...fields }) => ({ id: rec_id ?? '', fields })),
    );
    const result = await score(FEBRL, 'febrl', (id) => id.split('-')[1] ?? '', 0.5);
    expect(result.true_pairs).toBe(6538);
    expect(result.pairs.f1).toBeGreaterThanOrEqual(0.99);
    expect(result.clusters.f1).toBeGreaterThanOrEqual(0.99);
  });

  test('Splink fake_1000: most of what blocking finds, hardly anything else', async () => {
    const rows = rowsOf('splink_fake1000/fake_1000.csv');
    const cluster = new Map(rows.map((row) => [row['unique_id'] ?? '', row['cluster'] ?? '']));
    await stores.fill(
      'fake',
      rows.map(({ unique_id, cluster: _, ...fields }) => ({ id: unique_id ?? '', fields })),
    );
    const result = await score(FAKE, 'fake', (id) => cluster.get(id) ?? '', 0.5);
    expect(result.true_pairs).toBe(2031);
    expect(result.pairs.precision).toBeGreaterThan(0.99);
    expect(result.pairs.recall).toBeGreaterThan(0.8);
    expect(result.clusters.precision).toBeGreaterThan(0.99);
    expect(result.clusters.recall).toBeGreaterThan(0.9);
  });

  test('EM recovers known parameters within .01', () => {
    const rows = rowsOf('splink_em_known/known_params_comparison_vectors.csv');
    const patterns = [
      ...Map.groupBy(rows, (r) => `${r['gamma_col_1']},${r['gamma_col_2']},${r['gamma_col_3']}`),
    ].map(
      // There, 1 is agreement; here, level 1 is agreement and level 2 the rest.
      ([key, of]) => ({ levels: key.split(',').map((g) => 2 - Number(g)), pairs: of.length }),
    );
    const start = { m: [0.8, 0.2], u: [0.15, 0.85] };
    const found = estimateMixture(
      patterns,
      { lambda: 0.3, chances: [start, start, start] },
      { learn_u: true, max_iterations: 5_000, tolerance: 1e-9 },
    );
    expect(Math.abs(found.lambda - 0.5)).toBeLessThan(0.01);
    [0.7, 0.9, 0.95].forEach((m, c) => {
      expect(Math.abs((found.chances[c]?.m[0] ?? 0) - m)).toBeLessThan(0.01);
    });
    [0.1, 0.025, 0.2].forEach((u, c) => {
      expect(Math.abs((found.chances[c]?.u[0] ?? 0) - u)).toBeLessThan(0.01);
    });
  });
});

const FAKE = rulesOf({
  mode: 'dedupe',
  left: { list: 'fake' },
  fields: [
    { name: 'first_name', clean: 'name' },
    { name: 'surname', clean: 'name' },
    { name: 'dob', clean: 'date' },
    { name: 'city', clean: 'name' },
    { name: 'email', clean: 'email' },
  ],
  blocking: [
    ['first_name', 'surname'],
    ['surname', 'dob'],
    ['first_name', 'dob'],
    ['dob', 'city'],
    ['email'],
    ['dob'],
    [
      { field: 'dob', as: 'year' },
      { field: 'surname', as: 'prefix', length: 2 },
    ],
    [
      { field: 'dob', as: 'prefix', length: 7 },
      { field: 'first_name', as: 'prefix', length: 2 },
    ],
    [
      { field: 'dob', as: 'suffix', length: 5 },
      { field: 'surname', as: 'prefix', length: 1 },
    ],
    [{ field: 'dob', as: 'suffix', length: 5 }, 'city'],
    [{ field: 'email', as: 'prefix', length: 6 }],
    ['surname', 'city'],
    ['first_name', 'city'],
  ],
  comparisons: [
    {
      name: 'first_name',
      field: 'first_name',
      levels: [
        { is: 'exact' },
        { is: 'swapped', with: 'surname' },
        { is: 'jaro_winkler', at_least: 0.9 },
        { is: 'jaro_winkler', at_least: 0.75 },
      ],
      term_frequency: true,
    },
    {
      name: 'surname',
      field: 'surname',
      levels: [
        { is: 'exact' },
        { is: 'jaro_winkler', at_least: 0.9 },
        { is: 'jaro_winkler', at_least: 0.75 },
      ],
      term_frequency: true,
    },
    {
      name: 'dob',
      field: 'dob',
      levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 1 }, { is: 'date_within', days: 400 }],
    },
    {
      name: 'city',
      field: 'city',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.85 }],
      term_frequency: true,
    },
    {
      name: 'email',
      field: 'email',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.9 }, { is: 'jaro_winkler', at_least: 0.8 }],
    },
  ],
});
