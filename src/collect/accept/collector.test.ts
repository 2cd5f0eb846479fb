import { describe, expect, test } from 'vitest';
import type { LoggedEvent } from '../contract.ts';
import {
  collectorPerTest,
  KEY,
  NOW,
  pricePlan,
  refusalOf,
  requestOf,
  sourceOf,
  trackItem,
} from './fixture-collector.ts';

const start = collectorPerTest();

describe('what is stored', () => {
  test('a batch is one append, in order, with the same keys in every line', async () => {
    const shop = await start();
    const batch = [
      trackItem(),
      trackItem({ messageId: 'm2', properties: { total: 9 } }),
      trackItem({ messageId: 'm3', event: undefined }),
    ];
    const answer = await shop.collector.accept(requestOf({ batch, sentAt: NOW }));
    expect(answer).toEqual({
      source_id: 'src_shop',
      received: 3,
      accepted: 2,
      filtered: 0,
      quarantined: 1,
      position: 1,
      problems: [
        {
          at: 2,
          reason: 'missing_event_name',
          path: 'event',
          detail: 'a track call needs the name of its event',
        },
      ],
    });
    const events = await shop.events();
    expect(events.map(({ message_id, verdict }) => [message_id, verdict])).toEqual([
      ['m1', 'accepted'],
      ['m2', 'accepted'],
      ['m3', 'quarantined'],
    ]);
    expect(new Set(events.map((event) => Object.keys(event).join())).size).toBe(1);
    expect(events[1]).toMatchObject({
      kind: 'event',
      source_id: 'src_shop',
      received_at: NOW,
      sent_at: NOW,
      properties: '{"total":9}',
      traits: '{}',
      violations: '[]',
      payload: '',
      origin: 0,
    });
    expect(shop.facts).toEqual([
      {
        wire: 'v1/batch',
        source_id: 'src_shop',
        received: 3,
        accepted: 2,
        filtered: 0,
        quarantined: 1,
        bytes: expect.any(Number),
        refused: '',
      },
    ]);
  });

  test('a quarantined event keeps what it was, what its batch said, and neither its address nor a key', async () => {
    const shop = await start();
    const item = {
      event: 'A',
      type: 'track',
      userId: 'u1',
      timestamp: 'yesterday',
      context: { ip: '203.0.113.77', page: { path: '/' } },
    };
    await shop.collector.accept(
      requestOf({ batch: [item], context: { app: { name: 'Shop' } }, writeKey: KEY }),
    );
    const [event] = await shop.events();
    expect(JSON.parse(event?.payload ?? '')).toEqual({
      ...item,
      context: { app: { name: 'Shop' }, page: { path: '/' } },
    });
    expect(event).toMatchObject({
      verdict: 'quarantined',
      reason: 'invalid_timestamp',
      path: 'timestamp',
      ip: '203.0.113.0',
      properties: '{}',
      context: '{}',
    });
    expect(JSON.stringify(event)).not.toContain('203.0.113.77');
    expect(JSON.stringify(event)).not.toContain(KEY);
  });

  test('a single call takes its type from the path into the payload too', async () => {
    const shop = await start();
    await shop.collector.accept(
      requestOf({ userId: 'u1', writeKey: KEY }, { call: 'track', wire: 'v1/track' }),
    );
    const [event] = await shop.events();
    expect(JSON.parse(event?.payload ?? '')).toEqual({ userId: 'u1', type: 'track' });
  });

  test('an address is shortened wherever it came from', async () => {
    const shop = await start([sourceOf({ type: 'browser' })]);
    await shop.collector.accept(
      requestOf({ batch: [trackItem(), trackItem({ context: { ip: '2001:db8:1:2:3::4' } })] }),
    );
    const events = await shop.events();
    expect(events.map(({ ip }) => ip)).toEqual(['203.0.113.0', '2001:db8:1::']);
    expect(events.map(({ context }) => context)).toEqual(['{}', '{}']);
  });

  test('a bot is marked and kept', async () => {
    const shop = await start();
    await shop.collector.accept(
      requestOf({
        batch: [
          trackItem({ context: { userAgent: 'Googlebot/2.1' } }),
          trackItem({ context: { webdriver: true } }),
          trackItem(),
        ],
      }),
    );
    expect((await shop.events()).map(({ bot, bot_source, verdict }) => [bot, bot_source, verdict])).toEqual([
      [1, 'user-agent', 'accepted'],
      [1, 'user-agent', 'accepted'],
      [0, '', 'accepted'],
    ]);
  });

  test('people outside the sample are counted, and nothing about them is kept', async () => {
    const shop = await start([sourceOf({ settings: { sampling_rate: 0 } })]);
    const answer = await shop.collector.accept(
      requestOf({
        batch: [
          trackItem({ properties: { email: 'a@example.com' } }),
          trackItem({ messageId: 'm2', event: undefined }),
        ],
      }),
    );
    expect(answer).toMatchObject({ received: 2, accepted: 0, filtered: 1, quarantined: 1 });
    const [event] = await shop.events();
    expect(event).toMatchObject({
      verdict: 'filtered',
      reason: 'sampled_out',
      message_id: 'm1',
      user_id: '',
      properties: '{}',
      ip: '',
    });
    expect(event?.detail).toBe('the source keeps 0 % of people');
  });
});

describe('the tracking plan', () => {
  const broken = trackItem({ properties: { price: '12,50', secret: 'u1@example.com' } });
  const withPlan = async (action: 'allow' | 'strip' | 'quarantine'): Promise<LoggedEvent[]> => {
    const shop = await start([sourceOf()], { plan: pricePlan(action) });
    await shop.collector.accept(
      requestOf({ batch: [broken, trackItem({ messageId: 'm2', properties: { price: 1 } })] }),
    );
    return shop.events();
  };
  test('allow keeps the event and the violation on it', async () => {
    const [event] = await withPlan('allow');
    expect(event).toMatchObject({
      verdict: 'accepted',
      plan: 'shop@1',
      properties: JSON.stringify(broken['properties']),
    });
    expect(JSON.parse(event?.violations ?? '')).toEqual([
      {
        path: 'properties.price',
        rule: 'type',
        message: 'properties.price must be a number',
        action: 'allow',
      },
    ]);
  });
  test('strip keeps the event without the field', async () => {
    const [event] = await withPlan('strip');
    expect(event).toMatchObject({ verdict: 'accepted', properties: '{"secret":"u1@example.com"}' });
  });
  test('quarantine keeps the payload', async () => {
    const [event] = await withPlan('quarantine');
    expect(event).toMatchObject({
      verdict: 'quarantined',
      reason: 'schema_violation',
      path: 'properties.price',
      plan: 'shop@1',
    });
    expect(JSON.parse(event?.payload ?? '')).toEqual(broken);
  });
  test('a violation is itself an event, without the person and without the value', async () => {
    const events = await withPlan('quarantine');
    expect(events).toHaveLength(3);
    const violation = events[1];
    expect(violation).toMatchObject({
      source_id: 'plumbline',
      message_id: 'violation:src_shop:m1',
      type: 'track',
      event: 'Violation Generated',
      verdict: 'accepted',
      user_id: '',
      anonymous_id: '',
    });
    expect(JSON.parse(violation?.properties ?? '')).toEqual({
      source: 'src_shop',
      event: 'Order Completed',
      type: 'track',
      message_id: 'm1',
      plan: 'shop@1',
      path: 'properties.price',
      rule: 'type',
      message: 'properties.price must be a number',
      action: 'quarantine',
      violations: 1,
    });
    expect(JSON.stringify(violation)).not.toMatch(/u1|12,50/);
  });
});

describe('who sends', () => {
  test.each([
    ['Basic', {}],
    ['Bearer', { authorization: `Bearer ${KEY}` }],
    ['the body', { authorization: '' }],
    ['the query', { authorization: '', write_key: KEY }],
    ['the body, with an OAuth token in the header', { authorization: 'Bearer eyJhbGciOi.e30.x' }],
  ])('a key in %s', async (_name, over) => {
    const shop = await start();
    await shop.collector.accept(requestOf({ batch: [trackItem()], writeKey: KEY }, over));
    expect(await shop.events()).toHaveLength(1);
  });

  const day = 86_400_000;
  const key = { id: 'k', write_key: KEY, created_at: NOW, expires_at: null, revoked_at: null };
  test.each([
    ['no key', sourceOf(), { authorization: '' }, 'invalid_write_key'],
    ['an unknown key', sourceOf(), { authorization: 'Bearer wk_other' }, 'invalid_write_key'],
    ['a revoked key', sourceOf({ keys: [{ ...key, revoked_at: NOW }] }), {}, 'invalid_write_key'],
    [
      'a key past its overlap',
      sourceOf({ keys: [{ ...key, expires_at: new Date(Date.parse(NOW) - day).toISOString() }] }),
      {},
      'invalid_write_key',
    ],
    ['a disabled source', sourceOf({ enabled: false }), {}, 'source_disabled'],
  ] as const)('%s is refused', async (_name, source, over, code) => {
    const shop = await start([source]);
    expect((await refusalOf(shop, requestOf({ batch: [trackItem()] }, over))).code).toBe(code);
    expect(shop.facts.at(-1)).toMatchObject({ refused: code, received: 0 });
  });
  test('nobody sends as the product itself', async () => {
    const shop = await start();
    expect(
      (
        await refusalOf(
          shop,
          requestOf({ batch: [trackItem()], writeKey: 'plumbline' }, { authorization: 'Bearer plumbline' }),
        )
      ).code,
    ).toBe('invalid_write_key');
  });

  test('a source above its rate waits, and may send again after that', async () => {
    const shop = await start([sourceOf({ settings: { events_per_s_max: 10 } })]);
    const many = requestOf({
      batch: Array.from({ length: 30 }, (_, i) => trackItem({ messageId: `m${i}` })),
    });
    await shop.collector.accept(many);
    await expect(shop.collector.accept(many)).rejects.toMatchObject({
      code: 'throttled',
      details: { retry_after_s: 2 },
    });
    await expect(shop.collector.accept({ ...many, authorization: '', write_key: KEY })).rejects.toMatchObject(
      { code: 'throttled' },
    );
    shop.clock.advance(2_100);
    await shop.collector.accept(many);
    expect(await shop.events()).toHaveLength(60);
  });
});

test('a dry run counts the same and stores nothing', async () => {
  const batch = [trackItem(), trackItem({ event: undefined }), trackItem({ properties: { price: 'x' } })];
  const plan = pricePlan('quarantine');
  const shop = await start([sourceOf()], { plan, dry_run: true });
  expect(await shop.collector.accept(requestOf({ batch }))).toMatchObject({
    received: 3,
    accepted: 0,
    quarantined: 3,
    position: 0,
  });
  expect(await shop.events()).toEqual([]);
});

describe('reprocess', () => {
  test('a repaired payload becomes what it would have been, with the facts of its arrival', async () => {
    const shop = await start([sourceOf({ type: 'browser' })], { plan: pricePlan('quarantine') });
    const sent = trackItem({
      timestamp: '2026-07-21T11:00:00.000Z',
      properties: { price: '12,50' },
      context: { library: { name: 'analytics.js', version: '2' } },
    });
    const request = requestOf(
      { batch: [sent], sentAt: '2026-07-21T11:30:00.000Z' },
      { user_agent: 'Mozilla/5.0 Firefox/140' },
    );
    await shop.collector.accept(request);
    const [quarantined] = await shop.events();
    if (!quarantined) throw new Error('no event');
    shop.clock.advance(86_400_000);
    const again = shop.collector.reprocess(JSON.parse(quarantined.payload), quarantined);
    expect(again).toEqual(quarantined);
    const repaired = shop.collector.reprocess(
      { ...JSON.parse(quarantined.payload), properties: { price: 12.5 } },
      quarantined,
    );
    expect(repaired).toMatchObject({
      verdict: 'accepted',
      message_id: 'm1',
      received_at: NOW,
      timestamp: '2026-07-21T11:30:00.000Z',
      ip: '203.0.113.0',
      user_agent: 'Mozilla/5.0 Firefox/140',
      library: 'analytics.js/2',
      properties: '{"price":12.5}',
    });
  });
  test('a payload that lost its message id keeps the first one', async () => {
    const shop = await start();
    const facts = {
      source_id: 'src_shop',
      message_id: 'first',
      received_at: NOW,
      sent_at: '',
      ip: '',
      user_agent: '',
    };
    expect(shop.collector.reprocess({ type: 'track', event: 'A', userId: 'u' }, facts)).toMatchObject({
      message_id: 'first',
      verdict: 'accepted',
    });
  });

  test('what a server sent with is not the person’s: its library makes nobody a bot', async () => {
    const shop = await start();
    const facts = {
      source_id: 'src_shop',
      message_id: 'm1',
      received_at: NOW,
      sent_at: '',
      ip: '203.0.113.7',
      user_agent: 'analytics-node-next/latest',
      library: '',
    };
    const letter = { type: 'track', event: 'Email Opened', userId: 'u' };
    expect(shop.collector.reprocess(letter, facts)).toMatchObject({ bot: 0, user_agent: '', ip: '' });
  });
});
