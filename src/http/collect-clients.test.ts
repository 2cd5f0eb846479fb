import { connect } from 'node:net';
import Rudder from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEY, sourceOf } from '../collect/accept/fixture-collector.ts';
import { BASIC, type CollectServer, openCollectServer } from './fixture-collect.ts';

let server: CollectServer;
beforeEach(async () => {
  server = await openCollectServer([sourceOf({ type: 'browser' })]);
});
afterEach(() => server.close());

const item = { type: 'track', event: 'Order Completed', userId: 'u1', messageId: 'm1' };

describe('unmodified clients', () => {
  test('@segment/analytics-node', async () => {
    server.clock.set(Date.now());
    const client = new Analytics({ writeKey: KEY, host: server.address });
    client.identify({ userId: 'u1', traits: { plan: 'pro' } });
    client.track({ userId: 'u1', event: 'Order Completed', properties: { total: 9 } });
    client.page({ anonymousId: 'a1', name: 'Home' });
    client.group({ userId: 'u1', groupId: 'g1', traits: { seats: 3 } });
    client.alias({ userId: 'u1', previousId: 'a1' });
    client.screen({ anonymousId: 'a1', name: 'Start' });
    await client.closeAndFlush({ timeout: 5_000 });
    const events = await server.events();
    expect(events.map(({ type, verdict }) => [type, verdict])).toEqual(
      ['identify', 'track', 'page', 'group', 'alias', 'screen'].map((type) => [type, 'accepted']),
    );
    expect(events[0]).toMatchObject({
      user_id: 'u1',
      traits: '{"plan":"pro"}',
      library: expect.stringMatching(/analytics-node\/3/),
    });
    expect(events[3]).toMatchObject({ group_id: 'g1' });
    expect(events[4]).toMatchObject({ previous_id: 'a1' });
  });
  test('@rudderstack/rudder-sdk-node, which sends gzip', async () => {
    server.clock.set(Date.now());
    const client = new Rudder(KEY, { dataPlaneUrl: server.address });
    client.identify({ userId: 'u1', traits: { plan: 'pro' } });
    client.track({ userId: 'u1', event: 'Order Completed', properties: { total: 9 } });
    client.page({ userId: 'u1', name: 'Home' });
    await client.flush();
    const events = await server.events();
    expect(events.map(({ type, event }) => [type, event])).toEqual([
      ['identify', ''],
      ['track', 'Order Completed'],
      ['page', 'Home'],
    ]);
    expect(events.every(({ verdict, sent_at }) => verdict === 'accepted' && sent_at !== '')).toBe(true);
    expect(events[0]?.traits).toBe('{"plan":"pro"}');
    expect(events[0]?.context).not.toContain('plan');
  });
});

describe('Global Privacy Control', () => {
  const send = async (headers: [string, string][]) => {
    await fetch(`${server.address}/v1/track`, {
      method: 'POST',
      body: JSON.stringify(item),
      headers: [...headers, ['authorization', BASIC.authorization]],
    });
    return (await server.events()).at(-1)?.context;
  };
  test.each([
    ['1', '{"gpc":true}'],
    ['0', '{}'],
    ['true', '{}'],
    ['1, 1', '{}'],
    ['0, 1', '{}'],
    ['', '{}'],
  ])('Sec-GPC: %s', async (value, context) => {
    expect(await send([['Sec-GPC', value]])).toBe(context);
  });
  test('several headers with one 1 among them are a 1', async () => {
    const body = JSON.stringify(item);
    const head = `POST /v1/track HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: ${BASIC.authorization}\r\nSec-GPC: 0\r\nSec-GPC: 1\r\nContent-Length: ${body.length}\r\n\r\n`;
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(server.address).port), '127.0.0.1', () =>
        socket.write(head + body),
      );
      socket.on('close', () => resolve()).resume();
    });
    expect((await server.events()).at(-1)?.context).toBe('{"gpc":true}');
  });
  test('the support statement', async () => {
    const response = await server.get('/.well-known/gpc.json');
    expect(response.headers.get('content-type')).toContain('application/json');
    expect(await response.json()).toEqual({
      gpc: true,
      lastUpdate: expect.stringMatching(/^\d{4}-\d\d-\d\d$/),
    });
  });
});

describe('questions of clients', () => {
  test.each([['/v1/projects/'], ['/projects/']])('Segment settings at %s', async (prefix) => {
    const response = await server.get(`${prefix}${KEY}/settings`);
    expect(response.status).toBe(200);
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    const { host } = new URL(server.address);
    expect(await response.json()).toMatchObject({
      integrations: { 'Segment.io': { apiKey: KEY, apiHost: `${host}/v1`, protocol: 'http' } },
      plan: { track: { __default: { enabled: true } } },
    });
    expect((await server.get(`${prefix}wk_other/settings`)).status).toBe(401);
  });
  test.each([['/sourceConfig/'], ['/sourceConfig']])('RudderStack %s, by header or query', async (path) => {
    for (const response of [
      await server.get(`${path}?p=web&v=3&build=modern&writeKey=${KEY}`),
      await server.get(path, BASIC),
    ])
      expect(await response.json()).toMatchObject({
        source: {
          id: 'src_shop',
          enabled: true,
          destinations: [],
          config: { statsCollection: { errors: { enabled: false } } },
        },
      });
    expect((await server.get(path)).status).toBe(401);
  });
  test("the script that Segment's snippet loads, and its parts", async () => {
    const script = await server.get(`/analytics.js/v1/${KEY}/analytics.min.js`);
    expect(script.status).toBe(200);
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8');
    expect(script.headers.get('content-encoding')).toBe('gzip');
    expect(script.headers.get('cross-origin-resource-policy')).toBe('cross-origin');
    const text = await script.text();
    const plain = await server.get(`/analytics.js/v1/${KEY}/analytics.min.js`, {
      'accept-encoding': 'identity',
    });
    expect(plain.headers.get('content-encoding')).toBeNull();
    expect(await plain.text()).toBe(text);
    expect((await server.get('/analytics.js/v1/wk_other/analytics.min.js')).status).toBe(401);
    for (const name of ['nothing.js', 'index.js.map', '..%2f..%2fpackage.json', 'standalone.js.gz'])
      expect((await server.get(`/analytics-next/bundles/${name}`)).status).toBe(404);
  });
  test('health, version and client metrics', async () => {
    expect(await (await server.get('/health')).json()).toMatchObject({
      server: 'UP',
      acceptingEvents: 'TRUE',
    });
    expect(await (await server.get('/version')).json()).toEqual({ Version: '0.1.0' });
    expect((await server.post('/v1/m', '{"series":[]}', {})).status).toBe(200);
    expect(await server.events()).toEqual([]);
  });
});

test.each([
  ['/v1/t'],
  ['/v1/batch'],
  ['/v1/m'],
  ['/v1/import'],
  ['/beacon/v1/batch'],
  ['/pixel/v1/track'],
  ['/v1/projects/x/settings'],
  ['/sourceConfig/'],
  ['/v1/webhook'],
])('the preflight of %s allows what the clients ask for', async (path) => {
  const response = await fetch(server.address + path, {
    method: 'OPTIONS',
    headers: { origin: 'https://shop.example', 'access-control-request-method': 'POST' },
  });
  expect(response.status).toBe(204);
  expect(response.headers.get('access-control-allow-origin')).toBe('*');
  expect(response.headers.get('access-control-allow-credentials')).toBeNull();
  expect(response.headers.get('access-control-max-age')).toBe('86400');
  for (const name of [
    'authorization',
    'content-type',
    'x-retry-count',
    'anonymousid',
    'sentat',
    'rsa-retry-attempt',
  ])
    expect(response.headers.get('access-control-allow-headers')).toContain(name);
});
