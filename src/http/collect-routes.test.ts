import { connect } from 'node:net';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEY, sourceOf } from '../collect/accept/fixture-collector.ts';
import { BASIC, type CollectServer, openCollectServer } from './fixture-collect.ts';

let server: CollectServer;
beforeEach(async () => {
  server = await openCollectServer([sourceOf({ type: 'browser' })]);
});
afterEach(() => server.close());

const item = { type: 'track', event: 'Order Completed', userId: 'u1', messageId: 'm1' };
const codeOf = async (response: Response): Promise<unknown> =>
  ((await response.json()) as { error: { code: string } }).error.code;

describe('wires that carry events', () => {
  const body = { ...item, groupId: 'g1', previousId: 'a1', name: 'Home', type: undefined };
  test.each([
    ['t', 'track'],
    ['p', 'page'],
    ['i', 'identify'],
    ['g', 'group'],
    ['a', 'alias'],
    ['s', 'screen'],
    ['track', 'track'],
    ['page', 'page'],
    ['identify', 'identify'],
    ['group', 'group'],
    ['alias', 'alias'],
    ['screen', 'screen'],
  ])('POST /v1/%s is a %s', async (path, type) => {
    const response = await server.post(`/v1/${path}`, JSON.stringify({ ...body, writeKey: KEY }), {
      'content-type': 'text/plain',
    });
    expect([response.status, await response.text()]).toEqual([200, '{"success":true}']);
    expect(await server.events()).toMatchObject([
      { type, verdict: 'accepted', message_id: 'm1', ip: '127.0.0.0' },
    ]);
  });
  test.each([['/v1/b'], ['/v1/batch'], ['/v1/import']])('POST %s', async (path) => {
    const response = await server.post(path, JSON.stringify({ batch: [item] }), {
      ...BASIC,
      'content-type': 'application/json',
    });
    expect(response.status).toBe(200);
    expect(await server.events()).toMatchObject([{ type: 'track', verdict: 'accepted' }]);
  });
  test('POST /beacon/v1/batch takes the key from its query; /v1/batch does not', async () => {
    const batch = JSON.stringify({ batch: [item] });
    expect((await server.post(`/beacon/v1/batch?writeKey=${KEY}`, batch, {})).status).toBe(200);
    expect((await server.post(`/v1/batch?writeKey=${KEY}`, batch, {})).status).toBe(401);
    expect(await server.events()).toHaveLength(1);
  });
  test.each([
    ['track', 'Mail Opened'],
    ['page', 'Home'],
  ])('GET /pixel/v1/%s answers with an image', async (call, name) => {
    const response = await server.get(
      `/pixel/v1/${call}?writeKey=${KEY}&anonymousId=a%201&event=Mail%20Opened&name=Home&properties.n=1`,
    );
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('image/gif');
    expect(response.headers.get('cache-control')).toContain('no-store');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    expect(
      Buffer.from(await response.arrayBuffer())
        .subarray(0, 6)
        .toString(),
    ).toBe('GIF89a');
    expect(await server.events()).toMatchObject([
      { type: call, event: name, anonymous_id: 'a 1', properties: '{"n":"1"}' },
    ]);
  });
  test('a webhook by POST, known again by its delivery id, and by GET', async () => {
    const path = `/v1/webhook?writeKey=${KEY}&event=Paid`;
    expect((await server.post(path, '{"amount":9}', { 'webhook-id': 'evt_1' })).status).toBe(200);
    expect((await server.get(`${path}&amount=9&userId=u1`)).status).toBe(200);
    expect(await server.events()).toMatchObject([
      { event: 'Paid', message_id: 'evt_1', properties: '{"amount":9}' },
      { event: 'Paid', user_id: 'u1', properties: '{"event":"Paid","amount":"9","userId":"u1"}' },
    ]);
  });
  test('files answer line by line', async () => {
    const csv = 'type,userId,event\ntrack,u1,Sold\ntrack,,Sold\n';
    const response = await server.post('/v1/import', csv, {
      ...BASIC,
      'content-type': 'text/csv; charset=utf-8',
    });
    expect(await response.json()).toEqual({
      success: true,
      received: 2,
      accepted: 1,
      filtered: 0,
      quarantined: 1,
      problems: [
        {
          line: 3,
          reason: 'missing_identity',
          path: 'userId',
          detail: 'an event needs userId or anonymousId',
        },
      ],
    });
    const ndjson = await server.post('/v1/import', `${JSON.stringify(item)}\n[]\n`, {
      ...BASIC,
      'content-type': 'application/x-ndjson',
    });
    expect(await ndjson.json()).toMatchObject({
      accepted: 1,
      quarantined: 1,
      problems: [{ line: 2, reason: 'invalid_item' }],
    });
  });
  test('invalid single events are taken, and quarantined', async () => {
    expect((await server.post('/v1/track', '{"event":"A"}')).status).toBe(200);
    expect(await server.events()).toMatchObject([
      { verdict: 'quarantined', reason: 'missing_identity', payload: '{"event":"A","type":"track"}' },
    ]);
  });
});

describe('bodies', () => {
  const plain = JSON.stringify({ batch: [item] });
  test.each([
    ['gzip', gzipSync(plain)],
    ['x-gzip', gzipSync(plain)],
    ['deflate', deflateSync(plain)],
    ['deflate', deflateRawSync(plain)],
    ['br', brotliCompressSync(plain)],
    ['identity', Buffer.from(plain)],
    ['GZIP', gzipSync(plain)],
  ])('%s', async (encoding, body) => {
    expect((await server.post('/v1/batch', body, { ...BASIC, 'content-encoding': encoding })).status).toBe(
      200,
    );
    expect(await server.events()).toHaveLength(1);
  });
  test.each([
    ['application/json'],
    ['text/plain'],
    ['application/octet-stream'],
    ['application/json;charset=UTF-8'],
  ])('content type %s', async (type) => {
    expect((await server.post('/v1/batch', plain, { ...BASIC, 'content-type': type })).status).toBe(200);
  });
  test('chunked, in crumbs', async () => {
    const crumbs = gzipSync(plain);
    const body = new ReadableStream({
      start(controller) {
        for (const byte of crumbs) controller.enqueue(new Uint8Array([byte]));
        controller.close();
      },
    });
    const headers = { ...BASIC, 'content-encoding': 'gzip' };
    // The types of fetch do not know `duplex`, which a stream needs.
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, headers, duplex: 'half' };
    const response = await fetch(`${server.address}/v1/b`, init);
    expect(response.status).toBe(200);
    expect(await server.events()).toHaveLength(1);
  });
});

describe('refusals', () => {
  const bomb = gzipSync(Buffer.alloc(60_000_000, 32));
  test.each([
    ['bad JSON', 400, 'invalid_json', '{', {}],
    ['no body', 400, 'invalid_json', '', {}],
    ['invalid UTF-8', 400, 'invalid_utf8', Buffer.from([0x22, 0xff, 0x22]), {}],
    ['an empty batch', 400, 'empty_batch', '{"batch":[]}', {}],
    ['deep nesting', 400, 'too_deep', '['.repeat(100_000), {}],
    ['a prototype key', 400, 'forbidden_key', '{"batch":[{"constructor":{}}]}', {}],
    ['an unknown encoding', 400, 'invalid_encoding', '{}', { 'content-encoding': 'zstd' }],
    ['two encodings', 400, 'invalid_encoding', '{}', { 'content-encoding': 'gzip, gzip' }],
    ['a body that is not gzip', 400, 'invalid_encoding', '{}', { 'content-encoding': 'gzip' }],
    [
      'half a gzip body',
      400,
      'invalid_encoding',
      gzipSync('{"batch":[]}').subarray(0, 12),
      { 'content-encoding': 'gzip' },
    ],
    ['a content type that is none', 415, 'unsupported_media_type', '{}', { 'content-type': 'nonsense' }],
    ['no key', 401, 'invalid_write_key', '{"batch":[{}]}', { authorization: '' }],
    [
      'a wrong key',
      401,
      'invalid_write_key',
      '{"batch":[{}],"writeKey":"wk_x"}',
      { authorization: 'Bearer wk_y' },
    ],
    ['a large body', 413, 'body_too_large', Buffer.alloc(5_000_000, 32), {}],
    ['a decompression bomb', 413, 'body_too_large', bomb, { 'content-encoding': 'gzip' }],
  ])('%s: %i %s', async (_name, status, code, body, headers) => {
    const response = await server.post('/v1/batch', body, { ...BASIC, ...headers });
    expect(response.status).toBe(status);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(await response.json()).toEqual({
      error: expect.objectContaining({
        code,
        message: expect.any(String),
        help: expect.any(String),
        request_id: expect.any(String),
      }),
    });
    expect(await server.events()).toEqual([]);
  });

  test('a disabled source is 404, and a throttled one 429 with the seconds to wait', async () => {
    await server.close();
    server = await openCollectServer([
      sourceOf({ enabled: false }),
      sourceOf({
        id: 'src_slow',
        keys: [{ id: 'k', write_key: 'wk_slow', created_at: '', expires_at: null, revoked_at: null }],
        settings: { events_per_s_max: 1 },
      }),
    ]);
    const off = await server.post('/v1/batch', JSON.stringify({ batch: [item] }));
    expect([off.status, await codeOf(off)]).toEqual([404, 'source_disabled']);
    const slow = () =>
      server.post('/v1/batch', JSON.stringify({ batch: [item, item, item, item] }), {
        authorization: 'Bearer wk_slow',
      });
    expect((await slow()).status).toBe(200);
    const refused = await slow();
    expect([
      refused.status,
      refused.headers.get('retry-after'),
      refused.headers.get('x-ratelimit-reset'),
    ]).toEqual([429, '3', '3']);
    expect(refused.headers.get('access-control-expose-headers')).toContain('retry-after');
    expect(await codeOf(refused)).toBe('throttled');
  });

  test('a log that cannot commit is 503 with Retry-After, and /health says so', async () => {
    await server.log.close();
    const response = await server.post('/v1/batch', JSON.stringify({ batch: [item] }));
    expect([response.status, await codeOf(response)]).toEqual([503, 'log_unavailable']);
    expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await server.get('/health')).status).toBe(503);
  });

  const raw = (text: string): Promise<string> =>
    new Promise((resolve, reject) => {
      let answer = '';
      const socket = connect(Number(new URL(server.address).port), '127.0.0.1', () => socket.write(text));
      socket.on('data', (chunk) => {
        answer += chunk.toString();
      });
      socket.on('close', () => resolve(answer)).on('error', reject);
    });
  test('a body that never ends is 408, and the connection is closed', async () => {
    const answer = await raw('POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 500\r\n\r\n{"batch":[');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"body_timeout"');
  });
  test('one that never stops is cut off with 413', async () => {
    const answer = await raw(
      `POST /v1/batch HTTP/1.1\r\nHost: x\r\nContent-Length: 90000000\r\n\r\n${' '.repeat(17_000_000)}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });
});
