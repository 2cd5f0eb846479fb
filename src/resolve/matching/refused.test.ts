import { expect, test } from 'vitest';
import { CSV, MAPPING, openProduct } from './fixture-product.ts';

test('identity rules that refuse most of a list do not fail the run', async () => {
  const strict = await openProduct();
  await strict.call('matching.upload-list', { ...MAPPING, text: CSV });
  // More than a query may hold.
  const long = Array.from({ length: 60 }, (_, i) => ({ type: 'crm_id', value: `${'x'.repeat(100)}${i}` }));
  strict.play.dropping = [...long, { type: 'crm_id', value: 'c1' }];
  const run = await strict.runOnce();
  expect(run).toMatchObject({ state: 'done', error: '', summary: { link_refused: 1 } });
  const [refused] = (await strict.proposalsIn('accepted')).proposals;
  expect(refused).toMatchObject({
    right: { record_id: 'c1' },
    note: expect.stringContaining('identity rules'),
  });
  await strict.stores.close();
});
