import { gzipSync } from 'node:zlib';
import Rudder from '@rudderstack/rudder-sdk-node';
import { Analytics } from '@segment/analytics-node';
import fastify, { type FastifyInstance } from 'fastify';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KEY, openTestCollector, sourceOf, type TestCollector } from '../collect/accept/fixture-collector.ts';
import { createWires } from '../collect/wire/create-wires.ts';
import { collectRoutes } from './collect-routes.ts';

let shop: TestCollector;
let app: FastifyInstance;
let address: string;

beforeEach(async () => {
  shop = await openTestCollector([sourceOf({ type: 'browser' })]);
  app = fastify();
  const { collector, sources, clock } = shop;
  const wires = createWires({ collector, sources, clock, version: '0.1.0', accepting: async () => true });
  await app.register(
    collectRoutes({ wires, body_bytes_max: collector.limits.body_bytes_max, body_timeout_ms: 200 }),
  );
  address = await app.listen({ port: 0, host: '127.0.0.1' });
});
afterEach(async () => {
  await app.close();
  await shop.close();
});

describe('unmodified clients', () => {
  test('@segment/analytics-node', async () => {
    shop.clock.set(Date.now());
    const client = new Analytics({ writeKey: KEY, host: address });
    client.identify({ userId: 'u1', traits: { plan: 'pro' } });
    client.track({ userId: 'u1', event: 'Order Completed', properties: { total: 9 } });
    client.page({ anonymousId: 'a1', name: 'Home' });
    client.group({ userId: 'u1', groupId: 'g1', traits: { seats: 3 } });
    client.alias({ userId: 'u1', previousId: 'a1' });
    client.screen({ anonymousId: 'a1', name: 'Start' });
    await client.closeAndFlush({ timeout: 5_000 });
    const events = await shop.events();
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
    shop.clock.set(Date.now());
    const client = new Rudder(KEY, { dataPlaneUrl: address });
    client.identify({ userId: 'u1', traits: { plan: 'pro' } });
    client.track({ userId: 'u1', event: 'Order Completed', properties: { total: 9 } });
    client.page({ userId: 'u1', name: 'Home' });
    await client.flush();
    const events = await shop.events();
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
test('gzip', async () => {
  const r = await fetch(`${address}/v1/batch`, {
    method: 'POST',
    headers: { 'content-encoding': 'gzip' },
    body: gzipSync(JSON.stringify({ writeKey: KEY, batch: [{ type: 'track', event: 'x', userId: 'u' }] })),
  });
  expect(r.status).toBe(200);
});
