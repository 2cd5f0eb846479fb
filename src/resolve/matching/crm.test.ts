/** The simulated sales team's list is linked to the simulated people by the rules of the example, with the truth known. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createCrm } from '../../../simulate/crm.ts';
import { createPeople, type Person } from '../../../simulate/people.ts';
import { REGIONS } from '../../../simulate/regions.ts';
import { createRng } from '../../kernel/rng.ts';
import { decidePairs } from './decide-pairs.ts';
import { scorePairs } from './engine.service.ts';
import { openStores, recordIds, rulesOf, type Stores, UNMERGED } from './fixture.ts';
import { matchingRulesKind } from './matching-rules-kind.ts';
import { curveOf, thresholdFor } from './precision.ts';
import { recordSource } from './records.sql.ts';
import type { MatchingRules } from './rules.ts';

const EXAMPLE = parse(
  readFileSync(new URL('../../../examples/shop/matching-rules.yaml', import.meta.url), 'utf8'),
) as { body: Record<string, unknown> & { fields: object[]; comparisons: object[] } };

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const rng = createRng(7);
const { people } = createPeople(rng, { people: 3_000, days: 180, categories: 6 });
const crm = createCrm(rng, people, Date.parse('2026-01-01T00:00:00Z'));
const truth = new Map(crm.map((row) => [row.crm_id, `p${row.person}`]));

type Fields = Record<string, string>;
const basics = (p: Person): Fields => ({
  first_name: p.given_name,
  last_name: p.family_name,
  email: p.email,
});
const address = (p: Person): Fields => ({
  phone: p.phone,
  postcode: p.postcode,
  country: REGIONS[p.region]?.country ?? '',
});
const loyalty = (p: Person): Fields => (p.loyalty_id === null ? {} : { loyalty_id: p.loyalty_id });

/** Share of links that are right, and of the list's lines about `known` people that are linked. */
async function link(
  list: string,
  known: readonly Person[],
  fieldsOf: (p: Person) => Fields,
  rules: MatchingRules,
) {
  await stores.fill(
    list,
    known.map((p) => ({ id: `p${p.index}`, fields: fieldsOf(p) })),
  );
  const left = { list, identifier_type: 'shop_id' };
  const right = { list: 'crm', identifier_type: 'crm_id' };
  const source = recordSource(rules, { person: UNMERGED, left, right });
  const scored = await scorePairs(stores.warehouse, { rules, source, token: list });
  const ids = await recordIds(stores.warehouse, scored.scratch);
  const wanted = 'precision' in rules.accept ? rules.accept.precision : 0;
  const accept_weight = Math.max(0, thresholdFor(curveOf(scored.bins, []), wanted)?.weight ?? 0);
  const edges = await scored.edges(-2);
  await scored.drop();
  const { decided } = decidePairs(rules, edges, {
    accept_weight,
    left_records: scored.records.left,
    apart: [],
  });
  const links = decided.filter((one) => one.group > 0);
  const hits = links.filter(({ l, r }) => truth.get(ids[r] ?? '') === ids[l]).length;
  const there = new Set(known.map((p) => p.index));
  return { precision: hits / links.length, recall: hits / crm.filter((row) => there.has(row.person)).length };
}

const BASE = { ...EXAMPLE.body, left: { list: 'shop' }, auto: true, sample_pairs: 200_000 };

test('the list meets everybody, all that the simulator knows of them: precision and recall', async () => {
  await stores.fill(
    'crm',
    crm.map(({ crm_id, person: _p, errors: _e, ...fields }) => ({ id: crm_id, fields })),
  );
  const born = {
    name: 'birth_date',
    field: 'birth_date',
    levels: [{ is: 'exact' }, { is: 'damerau_levenshtein', at_most: 1 }],
  };
  const rules = rulesOf({
    ...BASE,
    fields: [...EXAMPLE.body.fields, { name: 'birth_date', clean: 'date' }],
    comparisons: [...EXAMPLE.body.comparisons, born],
  });
  const all = (p: Person) => ({ ...basics(p), ...address(p), ...loyalty(p), birth_date: p.birth_date });
  const { precision, recall } = await link('everybody', people, all, rules);
  expect(precision).toBeGreaterThanOrEqual(0.99);
  expect(recall).toBeGreaterThanOrEqual(0.95);
});

test('the list meets those with an account, as the shop knows them: no birthday, and an address of some only', async () => {
  expect(matchingRulesKind.check(EXAMPLE.body, 'crm')).toEqual([]);
  const known = people.filter((p) => p.sign_up_day !== null);
  const said = (p: Person) => ({
    ...basics(p),
    ...loyalty(p),
    ...((p.sign_up_day ?? 0) >= 0 || p.index % 3 === 0 ? address(p) : {}),
  });
  const { precision, recall } = await link('shop', known, said, rulesOf(BASE));
  expect(precision).toBeGreaterThanOrEqual(0.99);
  expect(recall).toBeGreaterThanOrEqual(0.9);
});
