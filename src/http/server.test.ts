import { mkdirSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { AppError } from '../kernel/errors.ts';
import { defineOperation } from '../kernel/operation.ts';
import { closeGracefully } from './close-gracefully.ts';
import { CONSOLE, openServer, signedIn } from './fixture.ts';

const paint = defineOperation({
  name: 'boxes.paint',
  summary: 'Paint a box',
  method: 'POST',
  path: '/api/boxes/{id}/paint',
  input: z.object({
    id: z.number().int(),
    colour: z.string().min(1),
    coats: z.number().max(9).default(1),
    secret: z.string().optional(),
  }),
  output: z.object({ id: z.number(), colour: z.string(), coats: z.number() }),
  access: { action: 'write', object: 'sources' },
  audit: ['id', 'colour'],
  handle: async ({ id, colour, coats }) => {
    if (colour === 'none') throw new AppError('conflict', { message: 'No paint.', field: 'colour' });
    if (colour === 'bug') throw new TypeError('secret inside');
    return { id, colour, coats };
  },
});

const list = defineOperation({
  name: 'boxes.list',
  summary: 'Boxes',
  method: 'GET',
  path: '/api/boxes',
  input: z.object({
    limit: z.number().int().max(10).default(5),
    open: z.boolean().optional(),
    sizes: z.array(z.number()).optional(),
    after: z.number().nullable().optional(),
    q: z.string().optional(),
  }),
  output: z.unknown(),
  access: { action: 'read', object: 'sources' },
  handle: async (input) => input,
});

const painted = { id: 7, colour: 'red', coats: 1 };
const json = { 'content-type': 'application/json' };

describe('operations', () => {
  const open = () => openServer({ operations: [paint, list] });

  test('nobody gets in without credentials', async () => {
    const { app } = await open();
    const answer = await app.inject({
      method: 'POST',
      url: '/api/boxes/7/paint',
      payload: { colour: 'red' },
    });
    expect(answer.statusCode).toBe(401);
    expect(answer.json()).toMatchObject({
      error: { code: 'unauthorized', request_id: expect.any(String), help: expect.any(String) },
    });
  });

  test('path and body become one input, and the audit names the listed fields only', async () => {
    const server = await open();
    const headers = await signedIn(server);
    const payload = { colour: 'red', secret: 's' };
    const answer = await server.app.inject({ method: 'POST', url: '/api/boxes/7/paint', headers, payload });
    expect(answer.json()).toEqual(painted);
    const [entry] = await server.govern.audit.list({ limit: 1 });
    expect(entry).toMatchObject({
      action: 'boxes.paint',
      object: 'sources',
      details: { id: 7, colour: 'red' },
    });
    expect(entry?.details).not.toHaveProperty('secret');
  });

  test('the body cannot name another id than the path', async () => {
    const server = await open();
    const headers = await signedIn(server);
    const payload = { colour: 'red', id: 8 };
    const answer = await server.app.inject({ method: 'POST', url: '/api/boxes/7/paint', headers, payload });
    expect(answer.json()).toEqual(painted);
  });

  test('query texts become what the schema says', async () => {
    const server = await open();
    const headers = await signedIn(server);
    const url = '/api/boxes?limit=7&open=true&sizes=1,2.5&after=null&q=12';
    expect((await server.app.inject({ url, headers })).json()).toEqual({
      limit: 7,
      open: true,
      sizes: [1, 2.5],
      after: null,
      q: '12',
    });
  });

  test.each([
    ['/api/boxes?limit=eleven', 'limit'],
    ['/api/boxes?limit=11', 'limit'],
    ['/api/boxes?open=maybe', 'open'],
    ['/api/boxes?sizes=1,x', 'sizes.1'],
    ['/api/boxes?limt=5', 'limt'],
  ])('%s is refused and names %s', async (url, field) => {
    const server = await open();
    const answer = await server.app.inject({ url, headers: await signedIn(server) });
    expect(answer.statusCode).toBe(400);
    expect(answer.json()).toMatchObject({ error: { code: 'invalid_input', field, issues: [{ field }] } });
  });

  test.each([
    { payload: '{"colour":', code: 'invalid_json', status: 400 },
    { payload: Buffer.from([0x7b, 0xff, 0x7d]), code: 'invalid_utf8', status: 400 },
    { payload: '[1]', code: 'invalid_input', status: 400 },
    { payload: '{"colour":"red","coat":2}', code: 'invalid_input', status: 400 },
    { payload: '{"colour":"a","__proto__":{"x":1}}', code: 'forbidden_key', status: 400 },
    { payload: '{"colour":"a","a":{"\\u005f_proto__":1}}', code: 'forbidden_key', status: 400 },
    { payload: `{"colour":${'['.repeat(200)}${']'.repeat(200)}}`, code: 'too_deep', status: 400 },
    { payload: '{"colour":"none"}', code: 'conflict', status: 409 },
    { payload: `{"colour":"${'x'.repeat(9 * 1024 * 1024)}"}`, code: 'body_too_large', status: 413 },
  ])('a broken body is refused with $code', async ({ payload, code, status }) => {
    const server = await open();
    const headers = { ...(await signedIn(server)), ...json };
    const answer = await server.app.inject({ method: 'POST', url: '/api/boxes/7/paint', headers, payload });
    expect([answer.statusCode, answer.json().error.code]).toEqual([status, code]);
  });

  test('other types than JSON, and compressed bodies, are refused', async () => {
    const server = await open();
    const headers = await signedIn(server);
    const send = (more: Record<string, string>) =>
      server.app.inject({
        method: 'POST',
        url: '/api/boxes/7/paint',
        headers: { ...headers, ...more },
        payload: '{}',
      });
    expect((await send({ 'content-type': 'text/xml' })).statusCode).toBe(415);
    expect((await send({ ...json, 'content-encoding': 'gzip' })).json().error.code).toBe('invalid_encoding');
  });

  test('a bug answers 500 without its inside, and is logged without the payload', async () => {
    const server = await open();
    const headers = { ...(await signedIn(server)) };
    const payload = { colour: 'bug', secret: 'mine' };
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/boxes/7/paint?secret=private',
      headers,
      payload,
    });
    expect(answer.statusCode).toBe(500);
    expect(answer.body).not.toContain('secret inside');
    const line = server.log.find((l) => l.level === 'error');
    expect(line?.fields).toMatchObject({
      request_id: answer.json().error.request_id,
      route: '/api/boxes/:id/paint',
    });
    expect(JSON.stringify(server.log)).not.toMatch(/mine|private/);
  });

  test('whatever is sent, the API never answers with a bug', async () => {
    const server = await open();
    const headers = { ...(await signedIn(server)), ...json };
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.json(), fc.string()), fc.webQueryParameters(), async (payload, query) => {
        const urls = [`/api/boxes/1/paint?${query}`, '/api/plan', '/api/apply', '/api/users'];
        for (const url of urls) {
          const answer = await server.app.inject({ method: 'POST', url, headers, payload });
          expect(answer.statusCode).toBeLessThan(500);
        }
      }),
      { numRuns: 60 },
    );
  });

  test('a viewer is refused with the role that is missing, and the refusal is in the audit', async () => {
    const server = await open();
    const headers = await signedIn(server);
    const made = await server.app.inject({
      method: 'POST',
      url: '/api/tokens',
      headers,
      payload: { name: 't', roles: ['viewer'] },
    });
    const bearer = { authorization: `Bearer ${made.json().secret}` };
    const answer = await server.app.inject({
      method: 'POST',
      url: '/api/boxes/7/paint',
      headers: bearer,
      payload: { colour: 'red' },
    });
    expect(answer.statusCode).toBe(403);
    expect(answer.json().error.message).toBe('Changing sources needs the role editor.');
    expect(await server.govern.audit.list({ limit: 1 })).toMatchObject([
      { action: 'boxes.paint.refused', actor_kind: 'token' },
    ]);
  });
});

describe('addresses', () => {
  test('unknown addresses and wrong methods answer in JSON', async () => {
    const { app } = await openServer();
    const missing = await app.inject({ url: '/api/nothing' });
    expect([missing.statusCode, missing.json().error.code]).toEqual([404, 'not_found']);
    const wrong = await app.inject({ method: 'PATCH', url: '/api/definitions/a/b' });
    expect([wrong.statusCode, wrong.headers['allow']]).toEqual([405, 'GET, HEAD, PUT']);
    expect((await app.inject({ url: '/api/%ff' })).statusCode).toBe(400);
  });

  test('a path that cannot be read, or has a long part, is refused in our own words', async () => {
    const named = defineOperation({
      name: 'boxes.show',
      summary: 'A box',
      method: 'GET',
      path: '/api/boxes/{key}',
      input: z.object({ key: z.string().max(600) }),
      output: z.unknown(),
      access: { action: 'read', object: 'sources' },
      handle: async ({ key }) => ({ length: key.length }),
    });
    const server = await openServer({ operations: [named] });
    const headers = await signedIn(server);
    const get = async (key: string) => {
      const answer = await server.app.inject({ method: 'GET', url: `/api/boxes/${key}`, headers });
      return { status: answer.statusCode, ...answer.json() };
    };
    const help = expect.any(String);
    expect(await get('user_id:%zz')).toMatchObject({
      status: 400,
      error: { code: 'invalid_input', message: 'The path is not correctly encoded.', help },
    });
    expect(await get('k'.repeat(600))).toEqual({ status: 200, length: 600 });
    expect(await get('%C3%A9'.repeat(600))).toEqual({ status: 200, length: 600 });
    expect(await get('k'.repeat(601))).toMatchObject({
      status: 400,
      error: { code: 'invalid_input', field: 'key', help },
    });
  });

  test('own pages carry the security headers; routes of plugins do not, nor the API parser', async () => {
    const { app } = await openServer({
      plugins: [
        async (scope) => {
          scope.post('/v1/t', async (request) => ({ got: typeof request.body }));
        },
      ],
    });
    for (const url of ['/healthz', '/api/nothing', '/']) {
      const { headers } = await app.inject({ url, headers: { accept: 'text/html' } });
      expect(headers['content-security-policy'], url).toContain("script-src 'self';");
      expect(headers['x-content-type-options'], url).toBe('nosniff');
    }
    const wire = await app.inject({ method: 'POST', url: '/v1/t', payload: { __proto: 1 } });
    expect(wire.json()).toEqual({ got: 'object' });
    expect(wire.headers['content-security-policy']).toBeUndefined();
    expect((await app.inject({ url: '/v1/t' })).headers['allow']).toBe('POST');
  });

  test('the console: page for every page address, files for good, and a word when it is not built', async () => {
    const { app, console_dir } = await openServer();
    const html = { accept: 'text/html' };
    expect((await app.inject({ url: '/sources', headers: html })).body).toContain('npm run console:build');
    mkdirSync(join(console_dir, 'assets'), { recursive: true });
    writeFileSync(join(console_dir, 'index.html'), '<title>console</title>');
    writeFileSync(join(console_dir, 'assets', 'app-1a2b.js'), 'export {};');
    for (const url of ['/', '/sources', '/quarantine/x1', '/sign-in']) {
      const page = await app.inject({ url, headers: html });
      expect([page.statusCode, page.body, page.headers['cache-control']]).toEqual([
        200,
        '<title>console</title>',
        'no-cache',
      ]);
      expect(page.headers['content-security-policy']).toBeDefined();
    }
    const script = await app.inject({ url: '/assets/app-1a2b.js' });
    expect(script.headers['cache-control']).toContain('immutable');
    expect((await app.inject({ url: '/assets/gone.js', headers: html })).statusCode).toBe(404);
    expect((await app.inject({ url: '/../control.db', headers: html })).body).not.toContain('SQLite');
    expect((await app.inject({ url: '/..%2fcontrol.db', headers: html })).statusCode).toBeGreaterThanOrEqual(
      400,
    );
  });

  test('ready only when every check holds', async () => {
    let broken = false;
    const run = async () => {
      if (broken) throw new Error('disk full at /secret');
    };
    const { app } = await openServer({ checks: [{ name: 'log', run }] });
    expect((await app.inject({ url: '/readyz' })).json()).toEqual({
      status: 'ready',
      checks: [{ name: 'log', ok: true }],
    });
    broken = true;
    const answer = await app.inject({ url: '/readyz' });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([503, '5']);
    expect(answer.json()).toEqual({ status: 'not_ready', checks: [{ name: 'log', ok: false }] });
    expect((await app.inject({ url: '/healthz' })).statusCode).toBe(200);
  });

  test('metrics are for this machine and for tokens', async () => {
    const server = await openServer();
    expect((await server.app.inject({ url: '/metrics' })).statusCode).toBe(200);
    const away = { url: '/metrics', remoteAddress: '203.0.113.7' };
    expect((await server.app.inject(away)).statusCode).toBe(401);
    expect((await server.app.inject({ ...away, headers: await signedIn(server) })).statusCode).toBe(200);
  });
});

test('what is not HTTP gets a clear answer', async () => {
  const { app } = await openServer();
  await app.listen({ port: 0, host: '127.0.0.1' });
  const { port } = app.server.address() as { port: number };
  const answer = await new Promise<string>((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write('NONSENSE\r\n\r\n'));
    socket.on('data', (bytes) => {
      text += bytes;
    });
    socket.on('close', () => resolve(text));
  });
  expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request/);
  expect(answer).toContain('"code":"invalid_input"');
});

test('a graceful stop lets the request under way finish', async () => {
  const { promise: go, resolve: finish } = Promise.withResolvers<void>();
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  const { app } = await openServer({
    plugins: [
      async (scope) => {
        scope.get('/slow', async () => {
          start();
          await go;
          return { done: true };
        });
      },
    ],
  });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const answer = fetch(`${url}/slow`);
  await started;
  const closed = closeGracefully(app, 60_000);
  finish();
  expect(await (await answer).json()).toEqual({ done: true });
  await closed;
  await expect(fetch(`${url}/healthz`)).rejects.toThrow();
});

test('a first sign-in needs no header, a change with the cookie does', async () => {
  const server = await openServer();
  const { cookie } = await signedIn(server);
  const change = (headers: Record<string, string>) =>
    server.app.inject({
      method: 'POST',
      url: '/api/tokens',
      headers,
      payload: { name: 't', roles: ['viewer'] },
    });
  expect((await change({ cookie: String(cookie) })).json().error).toMatchObject({
    code: 'forbidden',
    rule: 'csrf',
  });
  expect(
    (await change({ cookie: String(cookie), ...CONSOLE, 'sec-fetch-site': 'cross-site' })).statusCode,
  ).toBe(403);
  expect(
    (await change({ cookie: String(cookie), ...CONSOLE, 'sec-fetch-site': 'same-origin' })).statusCode,
  ).toBe(200);
});
