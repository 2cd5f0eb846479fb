import { expect, test } from 'vitest';
import { mergeUnder } from './json-object.ts';

test('the item wins over the batch, key by key', () => {
  const batch = { app: { name: 'Shop', version: '1' }, locale: 'de', tags: ['a'] };
  const item = { app: { version: '2' }, tags: ['b'], page: { path: '/' } };
  expect(mergeUnder(batch, item)).toEqual({
    app: { name: 'Shop', version: '2' },
    locale: 'de',
    tags: ['b'],
    page: { path: '/' },
  });
  expect(batch).toEqual({ app: { name: 'Shop', version: '1' }, locale: 'de', tags: ['a'] });
  expect(item.app).toEqual({ version: '2' });
});
