/** The simulated sales team's list is linked to the simulated people, with the truth known. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createCrm } from '../../../simulate/crm.ts';
import { createPeople } from '../../../simulate/people.ts';
import { createRng } from '../../kernel/rng.ts';
import { assignEdges } from './assign.ts';
import { scorePairs } from './engine.service.ts';
import { openStores, recordIds, rulesOf, type Stores, UNMERGED } from './fixture.ts';
import { curveOf, thresholdFor } from './precision.ts';
import { recordSource } from './records.sql.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const RULES = rulesOf({
  mode: 'link',
  left: { list: 'shop' },
  right: { list: 'crm' },
  sample_pairs: 200_000,
  fields: [
    { name: 'first_name', clean: 'name' },
    { name: 'last_name', clean: 'name' },
    { name: 'email', clean: 'email' },
    { name: 'phone', clean: 'phone' },
    { name: 'postcode', clean: 'postcode' },
    { name: 'birth_date', clean: 'date' },
  ],
  blocking: [
    ['email'],
    [{ field: 'phone', as: 'suffix', length: 7 }],
    ['last_name', 'postcode'],
    ['first_name', 'postcode'],
    ['first_name', 'last_name'],
    [{ field: 'email', as: 'prefix', length: 8 }],
    [
      { field: 'last_name', as: 'soundex' },
      { field: 'first_name', as: 'prefix', length: 2 },
    ],
  ],
  comparisons: [
    {
      name: 'first_name',
      field: 'first_name',
      levels: [{ is: 'exact' }, { is: 'swapped', with: 'last_name' }, { is: 'jaro_winkler', at_least: 0.85 }],
      term_frequency: true,
    },
    {
      name: 'last_name',
      field: 'last_name',
      levels: [{ is: 'exact' }, { is: 'jaro_winkler', at_least: 0.85 }],
      term_frequency: true,
    },
    { name: 'email', field: 'email', levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 2 }] },
    { name: 'phone', field: 'phone', levels: [{ is: 'exact' }, { is: 'same_end', length: 7 }] },
    { name: 'postcode', field: 'postcode', levels: [{ is: 'exact' }], term_frequency: true },
    {
      name: 'birth_date',
      field: 'birth_date',
      levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 1 }],
    },
  ],
});

test('precision of at least .99 and recall of at least .9', async () => {
  const rng = createRng(7);
  const { people } = createPeople(rng, { people: 3_000, days: 180, categories: 6 });
  const crm = createCrm(rng, people, Date.parse('2026-01-01T00:00:00Z'));
  await stores.fill(
    'shop',
    people.map((p) => ({
      id: `p${p.index}`,
      fields: {
        first_name: p.given_name,
        last_name: p.family_name,
        email: p.email,
        phone: p.phone,
        city: p.city,
        postcode: p.postcode,
        birth_date: p.birth_date,
      },
    })),
  );
  await stores.fill(
    'crm',
    crm.map(({ crm_id, person: _p, errors: _e, ...fields }) => ({ id: crm_id, fields })),
  );
  const truth = new Map(crm.map((row) => [row.crm_id, `p${row.person}`]));
  const source = recordSource(RULES, {
    person: UNMERGED,
    left: { list: 'shop', identifier_type: 'shop_id' },
    right: { list: 'crm', identifier_type: 'crm_id' },
  });
  const scored = await scorePairs(stores.warehouse, { rules: RULES, source, token: 'crm' });
  const ids = await recordIds(stores.warehouse, scored.scratch);
  const threshold = thresholdFor(curveOf(scored.bins, []), 0.99);
  const { kept } = assignEdges(await scored.edges(threshold?.weight ?? 0), 'one_left_for_each_right');
  await scored.drop();
  const hits = kept.filter(({ l, r }) => truth.get(ids[r] ?? '') === ids[l]).length;
  const linkable = crm.filter((row) => row.person >= 0).length;
  expect(hits / kept.length).toBeGreaterThanOrEqual(0.99);
  expect(hits / linkable).toBeGreaterThanOrEqual(0.9);
});
