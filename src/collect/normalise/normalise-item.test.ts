import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Envelope, normaliseItem } from './normalise-item.ts';

const received_at = '2026-07-21T12:00:00.000Z';
const ENVELOPE: Envelope = {
  source_type: 'server',
  received_ms: Date.parse(received_at),
  received_at,
  sent_at: undefined,
  type: '',
  context: undefined,
  integrations: undefined,
  ip: '203.0.113.77',
  user_agent: 'Mozilla/5.0 Firefox/140',
  gpc: false,
};
const BROWSER: Envelope = { ...ENVELOPE, source_type: 'browser' };
const draftOf = (item: unknown, envelope: Partial<Envelope> = {}) =>
  normaliseItem(item, { ...ENVELOPE, ...envelope });
const track = (over: object = {}) => ({
  type: 'track',
  event: 'Order Completed',
  userId: 'u1',
  messageId: 'm1',
  ...over,
});

describe('what is read', () => {
  test('a track call', () => {
    const draft = draftOf(
      track({
        properties: { total: 9 },
        integrations: { All: true },
        context: { library: { name: 'analytics-node', version: '3.1.0' } },
      }),
    );
    expect(draft).toMatchObject({
      type: 'track',
      event: 'Order Completed',
      user_id: 'u1',
      anonymous_id: '',
      message_id: 'm1',
      properties: { total: 9 },
      integrations: { All: true },
      library: 'analytics-node/3.1.0',
      timestamp: received_at,
      original_timestamp: '',
      sent_at: '',
      problem: null,
    });
  });
  test('the campaign of the address, unless the client names one', () => {
    const page = { url: 'https://shop.example/?utm_source=news&utm_medium=mail' };
    const campaignOf = (context: object) => draftOf(track({ context })).context['campaign'];
    expect(campaignOf({ page })).toEqual({ source: 'news', medium: 'mail' });
    expect(campaignOf({ page, campaign: {} })).toEqual({ source: 'news', medium: 'mail' });
    expect(campaignOf({ page, campaign: { name: 'own' } })).toEqual({ name: 'own' });
    expect(campaignOf({})).toBeUndefined();
  });
  test('ids that are numbers become text', () => {
    expect(draftOf(track({ userId: 42, anonymousId: 7.5, messageId: 1 }))).toMatchObject({
      user_id: '42',
      anonymous_id: '7.5',
      message_id: '1',
      problem: null,
    });
  });
  test('a missing message id is assigned, anew each time', () => {
    const [a, b] = [draftOf(track({ messageId: undefined })), draftOf(track({ messageId: '' }))];
    expect(a.message_id).toMatch(/^[0-9a-f-]{36}$/);
    expect(b.message_id).not.toBe(a.message_id);
  });
  test('the type of the path wins over the one in the body', () => {
    expect(draftOf(track({ type: 'identify' }), { type: 'track' })).toMatchObject({
      type: 'track',
      problem: null,
    });
  });
  test.each([
    ['name at the top', { type: 'page', name: 'Home', anonymousId: 'a' }, 'Home'],
    ['name in the properties', { type: 'screen', properties: { name: 'Cart' }, anonymousId: 'a' }, 'Cart'],
    ['no name', { type: 'page', anonymousId: 'a' }, ''],
  ])('a page: %s', (_name, item, event) => {
    expect(draftOf(item)).toMatchObject({ event, problem: null });
  });
  test('category of a page joins its properties', () => {
    expect(draftOf({ type: 'page', name: 'A', category: 'Docs', anonymousId: 'a' }).properties).toEqual({
      category: 'Docs',
    });
  });
  test('traits of an identify come from both places, once, and the top wins', () => {
    const draft = draftOf({
      type: 'identify',
      userId: 'u',
      traits: { plan: 'pro' },
      context: { traits: { plan: 'free', seats: 2 }, locale: 'de' },
    });
    expect(draft.traits).toEqual({ plan: 'pro', seats: 2 });
    expect(draft.context).toEqual({ locale: 'de' });
  });
  test('context.traits of other calls stay where they are', () => {
    expect(draftOf(track({ context: { traits: { plan: 'free' } } }))).toMatchObject({
      traits: {},
      context: { traits: { plan: 'free' } },
    });
  });
  test('group and alias', () => {
    expect(draftOf({ type: 'group', userId: 'u', groupId: 12, traits: { name: 'Acme' } })).toMatchObject({
      group_id: '12',
      traits: { name: 'Acme' },
      problem: null,
    });
    expect(draftOf({ type: 'alias', userId: 'u', previousId: 'a1' })).toMatchObject({
      previous_id: 'a1',
      problem: null,
    });
    expect(draftOf(track({ context: { groupId: 'g1' } })).group_id).toBe('g1');
  });
  test('context and integrations of the batch lie under the item’s', () => {
    const draft = draftOf(track({ context: { app: { version: '2' } } }), {
      context: { app: { name: 'Shop', version: '1' } },
      integrations: { Meta: false },
    });
    expect(draft.context).toEqual({ app: { name: 'Shop', version: '2' } });
    expect(draft.integrations).toEqual({ Meta: false });
  });
  test('the version of the event that the client names', () => {
    expect(draftOf(track({ context: { protocols: { event_version: '2' } } })).event_version).toBe('2');
  });
  test('Global Privacy Control is kept on the event', () => {
    expect(draftOf(track(), { gpc: true }).context).toEqual({ gpc: true });
    expect(draftOf(track({ context: { consent: { categoryPreferences: { ads: false } } } })).context).toEqual(
      { consent: { categoryPreferences: { ads: false } } },
    );
  });
});

describe('address and user agent', () => {
  test('of the connection, from the person’s own device', () => {
    expect(normaliseItem(track(), BROWSER)).toMatchObject({
      ip: '203.0.113.77',
      user_agent: 'Mozilla/5.0 Firefox/140',
    });
  });
  test('not of the connection, from a server, unless it says direct', () => {
    expect(draftOf(track())).toMatchObject({ ip: '', user_agent: '' });
    expect(draftOf(track({ context: { direct: true } }))).toMatchObject({ ip: '203.0.113.77' });
  });
  test('what the event says wins, and the address leaves the context', () => {
    const draft = normaliseItem(track({ context: { ip: '198.51.100.4', userAgent: 'X' } }), BROWSER);
    expect(draft).toMatchObject({ ip: '198.51.100.4', user_agent: 'X' });
    expect(JSON.stringify(draft.context)).toBe('{"userAgent":"X"}');
  });
  test.each([['0.0.0.0'], ['not an address'], [17]])(
    '%j is not filled in: the client did not want it, or said nothing of use',
    (ip) => {
      const draft = normaliseItem(track({ context: { ip } }), BROWSER);
      expect(draft.ip).toBe('');
      expect(JSON.stringify(draft.context)).toBe('{}');
    },
  );
});

describe('times', () => {
  const minute = (n: number) => new Date(Date.parse(received_at) - n * 60_000).toISOString();
  test('are corrected by the clock of the batch or of the item', () => {
    expect(draftOf(track({ timestamp: minute(62) }), { sent_at: minute(60) })).toMatchObject({
      timestamp: minute(2),
      original_timestamp: minute(62),
      sent_at: minute(60),
      timestamp_ms: Date.parse(minute(2)),
    });
    expect(
      draftOf(track({ originalTimestamp: minute(62), sentAt: minute(60) }), { sent_at: minute(1) }),
    ).toMatchObject({ timestamp: minute(2) });
  });
  test('timestamp is the event’s own, originalTimestamp only when there is no other', () => {
    expect(draftOf(track({ timestamp: minute(5), originalTimestamp: minute(1) }))).toMatchObject({
      timestamp: minute(5),
      original_timestamp: minute(5),
    });
  });
  test('a sentAt that cannot be read counts as missing', () => {
    expect(draftOf(track({ timestamp: minute(5) }), { sent_at: 'soon' })).toMatchObject({
      timestamp: minute(5),
      sent_at: '',
      problem: null,
    });
  });
  test('are written in one spelling', () => {
    expect(draftOf(track({ timestamp: '2026-07-21T13:00:00+02:00' }))).toMatchObject({
      original_timestamp: '2026-07-21T11:00:00.000Z',
      timestamp: '2026-07-21T11:00:00.000Z',
    });
  });
});

describe('what is wrong is named, and the rest is read all the same', () => {
  const far = 'x'.repeat(600);
  test.each([
    [5, 'invalid_item', ''],
    [null, 'invalid_item', ''],
    [['a'], 'invalid_item', ''],
    [{ userId: 'u' }, 'unknown_type', 'type'],
    [{ type: 'purchase', userId: 'u' }, 'unknown_type', 'type'],
    [{ type: 'track', userId: 'u' }, 'missing_event_name', 'event'],
    [{ type: 'track', userId: 'u', event: '  ' }, 'missing_event_name', 'event'],
    [{ type: 'track', userId: 'u', event: 7 }, 'invalid_field', 'event'],
    [{ type: 'track', userId: 'u', event: far }, 'invalid_field', 'event'],
    [{ type: 'track', event: 'A' }, 'missing_identity', 'userId'],
    [{ type: 'track', event: 'A', userId: '', anonymousId: ' ' }, 'missing_identity', 'userId'],
    [track({ userId: {} }), 'invalid_field', 'userId'],
    [track({ userId: 1e20 }), 'invalid_field', 'userId'],
    [track({ anonymousId: far }), 'invalid_field', 'anonymousId'],
    [track({ messageId: 'x'.repeat(101) }), 'invalid_field', 'messageId'],
    [track({ messageId: {} }), 'invalid_field', 'messageId'],
    [track({ properties: 'a' }), 'invalid_field', 'properties'],
    [track({ properties: [] }), 'invalid_field', 'properties'],
    [track({ context: 1 }), 'invalid_field', 'context'],
    [track({ traits: true }), 'invalid_field', 'traits'],
    [track({ integrations: 'All' }), 'invalid_field', 'integrations'],
    [track({ timestamp: 'yesterday' }), 'invalid_timestamp', 'timestamp'],
    [track({ timestamp: '2031-01-01' }), 'invalid_timestamp', 'timestamp'],
    [track({ timestamp: '1999-12-31' }), 'invalid_timestamp', 'timestamp'],
    [track({ originalTimestamp: {} }), 'invalid_timestamp', 'originalTimestamp'],
    [{ type: 'group', userId: 'u' }, 'invalid_field', 'groupId'],
    [{ type: 'alias', userId: 'u' }, 'invalid_field', 'previousId'],
  ])('%j: %s at %j', (item, reason, path) => {
    expect(draftOf(item).problem).toMatchObject({ reason, path });
  });
  test('the first problem stays, ids and name are there for the group', () => {
    const draft = draftOf(track({ properties: 'a', timestamp: 'x' }));
    expect(draft).toMatchObject({
      event: 'Order Completed',
      user_id: 'u1',
      message_id: 'm1',
      timestamp: received_at,
      problem: { path: 'properties' },
    });
  });
  test('two long message ids that begin alike stay two, and the same one stays one', () => {
    const [a, b, again] = ['1', '2', '1'].map(
      (end) => draftOf(track({ messageId: 'x'.repeat(150) + end })).message_id,
    );
    expect(a).not.toBe(b);
    expect(again).toBe(a);
    expect(a?.length).toBeLessThanOrEqual(100);
  });
  test('a detail never repeats a value', () => {
    for (const item of [
      track({ userId: ['secret'] }),
      track({ timestamp: 'secret' }),
      { type: 'secret', userId: 'u' },
      track({ properties: 'secret' }),
    ])
      expect(draftOf(item).problem?.detail).not.toContain('secret');
  });
});

test('whatever JSON comes, a draft comes back that can be written, with a sound time', () => {
  const item = fc.oneof(
    fc.jsonValue({ maxDepth: 4 }),
    fc.record(
      Object.fromEntries(
        [
          'type',
          'event',
          'userId',
          'anonymousId',
          'messageId',
          'timestamp',
          'sentAt',
          'properties',
          'traits',
          'context',
          'integrations',
          'name',
          'groupId',
          'previousId',
        ].map((key) => [
          key,
          fc.oneof(
            fc.jsonValue({ maxDepth: 2 }),
            fc.constantFrom('track', 'identify', '2026-07-21T11:59:00.000Z', 'u1'),
          ),
        ]),
      ),
      { requiredKeys: [] },
    ),
  );
  fc.assert(
    fc.property(item, fc.constantFrom('', 'track' as const, 'page' as const), (value, type) => {
      const draft = normaliseItem(value, { ...BROWSER, type });
      expect(new Date(draft.timestamp_ms).toISOString()).toBe(draft.timestamp);
      expect(draft.timestamp_ms).toBeLessThanOrEqual(ENVELOPE.received_ms);
      expect(draft.message_id).not.toBe('');
      expect(() => JSON.stringify(draft)).not.toThrow();
      if (draft.problem === null) {
        expect(draft.user_id + draft.anonymous_id).not.toBe('');
        expect(draft.type).not.toBe('');
      }
    }),
    { numRuns: 1_000 },
  );
});
