/** Consent is asked by person, over the identity graph as it is. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { sql } from '../../kernel/sql.ts';
import { empty, insertEvents, openStores, record, type SomeEvent, type Stores, stream } from '../fixture.ts';
import { personSql } from '../person.sql.ts';
import { rulesOf } from './fixture.ts';
import { agreedNow } from './proposals.sql.ts';
import { recordSource } from './records.sql.ts';

let stores: Stores;
beforeAll(async () => {
  stores = await openStores();
});
afterAll(() => stores.close());

const CATEGORY = 'personalisation';
const said = (position: number, event: SomeEvent, agrees?: boolean) => {
  const one = record(position, event);
  const consent = agrees === undefined ? {} : { consent: { categoryPreferences: { [CATEGORY]: agrees } } };
  return { ...one, event: { ...one.event, context: JSON.stringify(consent) } };
};
const agrees = async (value: string) =>
  (
    await stores.warehouse.query<{ agreed: number }>(
      agreedNow(CATEGORY, { type: 'user_id', value }, personSql),
    )
  ).map((row) => row.agreed);

test('what somebody else says on a shared device is not what a person says', async () => {
  const list = [
    said(1, { a: 'd1', t: 0 }, true),
    said(2, { u: 'ann', a: 'd1', t: 1 }),
    said(3, { u: 'ann', a: 'd1', t: 2 }, false),
    said(4, { u: 'bob', a: 'd1', t: 3 }),
    said(5, { a: 'd1', t: 4 }, true),
  ];
  await insertEvents(stores.warehouse, list);
  await stream(stores.work(), stores, list);
  expect(await agrees('ann')).toEqual([0]);
  expect(await agrees('bob')).toEqual([]);
  const later = [said(6, { u: 'ann', a: 'd3', t: 5 }), said(7, { a: 'd3', t: 6 }, true)];
  await insertEvents(stores.warehouse, later);
  await stream(stores.work(), stores, later);
  expect(await agrees('ann')).toEqual([1]);
});

test('visitors of a shared device are no record: their identifier is its first user', async () => {
  await empty(stores);
  const list = [
    { a: 'd1', t: 0 },
    { u: 'ann', a: 'd1', t: 1, email: 'ann@x.org' },
    { u: 'bob', a: 'd1', t: 2, email: 'bob@x.org' },
    { a: 'd1', t: 3, email: 'guest@x.org' },
  ].map((event, i) => record(i + 1, event));
  await insertEvents(stores.warehouse, list);
  await stream(stores.work(), stores, list);
  const rules = rulesOf({
    mode: 'dedupe',
    left: 'people',
    fields: [{ name: 'email', clean: 'email' }],
    blocking: [['email']],
    comparisons: [{ name: 'email', field: 'email', levels: [{ is: 'exact' }] }],
  });
  const source = recordSource(rules, { person: personSql, left: 'people', right: undefined });
  const rows = await stores.warehouse.query<{ identifier: string; f_email: string }>(
    sql`SELECT identifier, f_email FROM (${source}) ORDER BY identifier`,
  );
  expect(rows).toEqual([
    { identifier: 'user_id:ann', f_email: 'ann@x.org' },
    { identifier: 'user_id:bob', f_email: 'bob@x.org' },
  ]);
});
