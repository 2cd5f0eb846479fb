import { expect, test } from 'vitest';
import { sql, statement } from '../kernel/sql.ts';
import { ANN, openGovern } from './fixture.ts';

const entry = (n: number) => ({
  actor: ANN,
  action: 'sources.create',
  object: `sources/${n}`,
  details: { n },
});

test('entries come back newest first, page by page', async () => {
  const { audit } = await openGovern();
  await Promise.all([1, 2, 3, 4, 5].map((n) => audit.record(entry(n))));
  const page = await audit.list({ limit: 2 });
  expect(page.map((e) => [e.id, e.details['n']])).toEqual([
    [5, 5],
    [4, 4],
  ]);
  expect((await audit.list({ limit: 9, before: 4 })).map((e) => e.id)).toEqual([3, 2, 1]);
  expect(page[0]).toMatchObject({
    at: '2026-11-22T10:00:00.000Z',
    actor_name: 'Ann',
    actor_kind: 'user',
    object: 'sources/5',
  });
  expect(await audit.verify()).toMatchObject({ ok: true, entries: 5 });
});

test.each([
  ['changed', 'UPDATE audit SET details = \'{"n":9}\' WHERE id = 2', 2],
  ['blamed on somebody else', "UPDATE audit SET actor_id = 'usr_ben' WHERE id = 2", 2],
  ['removed', 'DELETE FROM audit WHERE id = 2', 3],
  ['renumbered', 'UPDATE audit SET id = 9 WHERE id = 3', 9],
])('an entry that was %s breaks the chain', async (_, tampering, broken_at) => {
  const { audit, control } = await openGovern();
  for (const n of [1, 2, 3]) await audit.record(entry(n));
  await control.run(statement(tampering));
  expect(await audit.verify()).toMatchObject({ ok: false, broken_at });
});

test('an entry inside a transaction goes with it', async () => {
  const { audit, control } = await openGovern();
  const failing = control.transaction(async (tx) => {
    await audit.recordIn(tx, entry(1));
    throw new Error('stop');
  });
  await expect(failing).rejects.toThrow('stop');
  expect(await audit.list({ limit: 9 })).toEqual([]);
  await audit.record(entry(2));
  expect(await control.one(sql`SELECT id, object FROM audit`)).toMatchObject({ id: 1, object: 'sources/2' });
});
