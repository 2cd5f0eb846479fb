import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KEY, sourceOf } from '../collect/accept/fixture-collector.ts';
import { keptOf } from '../collect/accept/fixture-kept.ts';
import { BASIC, type CollectServer, openCollectServer } from './fixture-collect.ts';

let server: CollectServer;
beforeAll(async () => {
  server = await openCollectServer([sourceOf({ type: 'browser' })]);
});
afterAll(() => server.close());

const POSTS = [
  '/v1/t',
  '/v1/p',
  '/v1/i',
  '/v1/g',
  '/v1/a',
  '/v1/s',
  '/v1/b',
  '/v1/m',
  '/v1/track',
  '/v1/page',
  '/v1/identify',
  '/v1/group',
  '/v1/alias',
  '/v1/screen',
  '/v1/batch',
  '/v1/import',
  '/v1/webhook',
  `/beacon/v1/batch?writeKey=${KEY}`,
];
const types = fc.constantFrom('application/json', 'text/plain', 'text/csv', 'application/x-ndjson', '');
const encodings = fc.constantFrom('', '', '', 'gzip', 'deflate', 'br', 'nonsense');
const headersOf = (type: string, encoding: string) => ({
  ...BASIC,
  ...(type && { 'content-type': type }),
  ...(encoding && { 'content-encoding': encoding }),
});

test('whatever bytes are posted, the answer is never a fault of ours', async () => {
  const body = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.json().map((text) => new TextEncoder().encode(text)),
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...POSTS),
      body,
      types,
      encodings,
      async (path, bytes, type, encoding) => {
        const response = await server.post(path, Buffer.from(bytes), headersOf(type, encoding));
        await response.arrayBuffer();
        expect(response.status).toBeLessThan(500);
      },
    ),
    { numRuns: 250 },
  );
});

test('whatever is in a query, the answer is never a fault of ours', async () => {
  const name = fc.oneof(
    fc.string(),
    fc.constantFrom(
      'writeKey',
      'event',
      'anonymousId',
      'properties.a',
      '__proto__.a',
      'a.constructor',
      'timestamp',
    ),
  );
  const path = fc.constantFrom(
    '/pixel/v1/track',
    '/pixel/v1/page',
    '/v1/webhook',
    '/sourceConfig/',
    '/v1/projects/x/settings',
  );
  await fc.assert(
    fc.asyncProperty(
      path,
      fc.array(fc.tuple(name, fc.oneof(fc.string(), fc.constant(KEY)))),
      fc.string(),
      async (at, pairs, tail) => {
        const query = `${pairs.map(([key, value]) => `${encodeURIComponent(key.toWellFormed())}=${encodeURIComponent(value.toWellFormed())}`).join('&')}&${encodeURI(tail.toWellFormed()).replaceAll('#', '')}`;
        const response = await server.get(`${at}?${query}`, BASIC);
        await response.arrayBuffer();
        expect(response.status).toBeLessThan(500);
      },
    ),
    { numRuns: 150 },
  );
});

test('every item of a batch that was answered with 200 is in the log exactly once, in order', async () => {
  const field = fc.oneof(
    fc.jsonValue({ maxDepth: 2 }),
    fc.constantFrom('track', 'page', 'u1', 'Sold', '2026-07-21T11:59:00.000Z'),
  );
  const item = fc.oneof(
    fc.jsonValue({ maxDepth: 3 }),
    fc.record(
      {
        type: field,
        event: field,
        userId: field,
        anonymousId: field,
        timestamp: field,
        properties: field,
        context: field,
      },
      { requiredKeys: [] },
    ),
  );
  let batches = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(item, { minLength: 1, maxLength: 20 }), async (items) => {
      batches += 1;
      // Ids are given, so that each item can be found again; bare values are found by their place.
      const batch = items.map((value, i) =>
        value !== null && typeof value === 'object' && !Array.isArray(value)
          ? { ...value, messageId: `${batches}:${i}` }
          : value,
      );
      const before = server.log.end();
      const response = await server.post('/v1/batch', JSON.stringify({ batch }));
      await response.arrayBuffer();
      const after = server.log.end();
      if (response.status !== 200) {
        expect(response.status).toBeLessThan(500);
        expect(after).toBe(before);
        return;
      }
      const { lines } = await server.log.read(before, { max_records: 1_000 });
      const logged = lines.map(
        (line) => JSON.parse(line) as { message_id: string; payload: string; verdict: string },
      );
      expect(logged).toHaveLength(batch.length);
      for (const [i, event] of logged.entries()) {
        const sent = batch[i];
        if (sent !== null && typeof sent === 'object' && 'messageId' in sent)
          expect(event.message_id).toBe(`${batches}:${i}`);
        else expect(JSON.parse(event.payload)).toEqual(keptOf(JSON.stringify(sent)));
      }
    }),
    { numRuns: 150 },
  );
});
