import { expect, test } from 'vitest';
import { ANN, BEN, openGovern } from './fixture.ts';

test('who wrote a version, and that neither they nor a token may approve it', async () => {
  const govern = await openGovern();
  await govern.drafts.put(ANN, { kind: 'box', name: 'a', body: { size: 1 } });
  await govern.drafts.put(BEN, { kind: 'box', name: 'a', body: { size: 2 } });
  const { reviews } = govern;
  expect(await reviews.versionOf('box', 'a', 1)).toEqual({
    body: { size: 1 },
    author_id: ANN.id,
    author_name: 'Ann',
  });
  expect(await reviews.versionOf('box', 'a', 2)).toMatchObject({ author_id: BEN.id });
  expect(await reviews.versionOf('box', 'a', 3)).toBeUndefined();
  expect(reviews.refusal(BEN, ANN.id)).toBeUndefined();
  expect(reviews.refusal(ANN, ANN.id)).toMatch(/author of a version cannot/);
  expect(reviews.refusal({ ...BEN, kind: 'token' }, ANN.id)).toMatch(/signed-in person/);
});
