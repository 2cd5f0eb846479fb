import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Definitions, ReleasedDefinition } from '../../govern/contract.ts';
import type { Source, SourceSettings } from '../sources/source.ts';
import type { PlanSubject } from './plan-checker.ts';
import { createPlanChecker } from './released-plan-checker.ts';

const order = {
  type: 'object',
  required: ['order_id', 'revenue'],
  properties: {
    order_id: { type: 'string', minLength: 1 },
    revenue: { type: 'number', minimum: 0 },
    coupon: { type: 'string' },
    currency: { enum: ['EUR', 'USD'] },
    tags: { type: 'array', items: { type: 'string' } },
    products: {
      type: 'array',
      items: {
        type: 'object',
        required: ['product_id'],
        properties: { product_id: { type: 'string' }, price: { type: 'number' } },
      },
    },
    gift: { anyOf: [{ type: 'boolean' }, { type: 'object', required: ['to'] }] },
    extra: { type: 'object', additionalProperties: false, properties: { a: { type: 'number' } } },
  },
};

const plan = {
  events: [
    { event: 'Order Completed', schema: order },
    { event: 'Cart Viewed', version: '2', schema: { required: ['cart_id'] } },
    { event: 'Cart Viewed', version: '10', schema: { required: ['cart'] } },
    { event: 'Loose', on_violation: 'allow', schema: { required: ['a'] } },
    { event: 'Trimmed', on_violation: 'strip', schema: order },
    { type: 'identify', schema: { properties: { age: { type: 'integer' } } } },
    { type: 'page', schema: { required: ['path'] } },
    { type: 'page', event: 'Home', schema: {} },
  ],
};

function released(bodies: Record<string, unknown>) {
  let definitions: ReleasedDefinition[] = [];
  let version = 0;
  const listeners: (() => void)[] = [];
  const release = (next: Record<string, unknown>) => {
    version += 1;
    definitions = Object.entries(next).map(([name, body]) => ({
      kind: 'tracking-plan',
      name,
      version,
      body,
    }));
    for (const listener of listeners) listener();
  };
  release(bodies);
  const source: Definitions = {
    current: (kind) => definitions.filter((one) => one.kind === kind),
    release: () => version,
    onRelease: (listener) => listeners.push(listener),
  };
  return { checker: createPlanChecker(source), release };
}

const sourceWith = (settings: Partial<SourceSettings> = {}): Source => ({
  id: 'src_1',
  name: 'Shop',
  type: 'server',
  enabled: true,
  created_at: '2026-11-22T10:00:00.000Z',
  keys: [],
  settings: {
    sampling_rate: 1,
    events_per_s_max: null,
    unknown_events: 'allow',
    on_violation: null,
    ip: 'truncate',
    tracking_plan: 'shop',
    ...settings,
  },
});

const track = (event: string, properties: Record<string, unknown>, event_version?: string): PlanSubject => ({
  type: 'track',
  event,
  properties,
  traits: {},
  ...(event_version === undefined ? {} : { event_version }),
});

const good = { order_id: 'o1', revenue: 12.5 };
const { checker } = released({ shop: plan });

describe('an event that keeps to the plan', () => {
  test('passes with the plan named, its properties untouched', () => {
    const verdict = checker.check(sourceWith(), track('Order Completed', good));
    expect(verdict).toEqual({ plan: 'shop@1', violations: [], properties: good, traits: {} });
    expect(verdict.properties).toBe(good);
  });

  test('of a source without a plan is not checked', () => {
    expect(checker.check(sourceWith({ tracking_plan: null }), track('Order Completed', {}))).toMatchObject({
      plan: '',
      violations: [],
    });
  });

  test('identify is checked by its traits, a page by its name, else by the unnamed entry', () => {
    const identify = { type: 'identify', event: '', properties: {}, traits: { age: 'old' } };
    expect(checker.check(sourceWith(), identify).violations).toEqual([
      {
        path: 'traits.age',
        rule: 'type',
        message: 'traits.age must be a whole number, got text',
        action: 'quarantine',
      },
    ]);
    const page = (event: string) =>
      checker.check(sourceWith(), { type: 'page', event, properties: {}, traits: {} }).violations.length;
    expect([page('Home'), page('Other'), page('')]).toEqual([0, 1, 1]);
  });
});

describe('violations', () => {
  test.each([
    [{ revenue: 1 }, 'properties.order_id', 'required', 'properties.order_id is missing'],
    [
      { ...good, revenue: '12,50' },
      'properties.revenue',
      'type',
      'properties.revenue must be a number, got text',
    ],
    [{ ...good, revenue: -1 }, 'properties.revenue', 'minimum', 'properties.revenue must be at least 0'],
    [
      { ...good, order_id: '' },
      'properties.order_id',
      'minLength',
      'properties.order_id must have at least 1 character',
    ],
    [
      { ...good, currency: 'secret' },
      'properties.currency',
      'enum',
      'properties.currency must be one of "EUR", "USD", got text',
    ],
    [
      { ...good, tags: ['a', 1] },
      'properties.tags[*]',
      'type',
      'properties.tags[*] must be text, got a whole number',
    ],
    [
      { ...good, products: [{}] },
      'properties.products[*].product_id',
      'required',
      'properties.products[*].product_id is missing',
    ],
    [
      { ...good, gift: 'secret' },
      'properties.gift',
      'anyOf',
      'properties.gift must have one of the forms in the plan, got text',
    ],
    [
      { ...good, extra: { b: 1 } },
      'properties.extra.b',
      'additionalProperties',
      'properties.extra.b is not in the plan',
    ],
    [
      { ...good, extra: { 'a.b': 1 } },
      'properties.extra["a.b"]',
      'additionalProperties',
      'properties.extra["a.b"] is not in the plan',
    ],
  ])('%j', (properties, path, rule, message) => {
    const verdict = checker.check(sourceWith(), track('Order Completed', properties));
    expect(verdict.violations).toEqual([{ path, rule, message, action: 'quarantine' }]);
    expect(verdict.quarantine).toEqual({ reason: 'schema_violation', detail: message, path });
    expect(verdict.properties).toBe(properties);
  });

  test('all of them are told, the same one in many items once, and never a value', () => {
    const products = Array.from({ length: 50 }, () => ({ product_id: 'p', price: 'my secret' }));
    const verdict = checker.check(sourceWith(), track('Order Completed', { products, revenue: 'my secret' }));
    expect(verdict.violations.map((one) => one.path).sort()).toEqual([
      'properties.order_id',
      'properties.products[*].price',
      'properties.revenue',
    ]);
    expect(JSON.stringify(verdict.violations)).not.toContain('secret');
  });

  test('a huge broken event is answered with its first violation', () => {
    const tags = Array.from({ length: 200_000 }, () => 1);
    const verdict = checker.check(sourceWith(), track('Order Completed', { ...good, tags }));
    expect(verdict.violations).toHaveLength(1);
    const stripped = checker.check(
      sourceWith({ on_violation: 'strip' }),
      track('Order Completed', { ...good, tags }),
    );
    expect(stripped.quarantine?.detail).toContain('too large to strip');
  });

  test('the action is the source’s, else the event’s, else the plan’s, else quarantine', () => {
    const bad = { revenue: 1 };
    const action = (event: string, settings: Partial<SourceSettings>) =>
      checker.check(sourceWith(settings), track(event, bad)).violations[0]?.action;
    expect(action('Order Completed', {})).toBe('quarantine');
    expect(action('Loose', {})).toBe('allow');
    expect(action('Loose', { on_violation: 'quarantine' })).toBe('quarantine');
    const lax = released({ shop: { ...plan, on_violation: 'allow' } }).checker;
    expect(lax.check(sourceWith(), track('Order Completed', bad)).violations[0]?.action).toBe('allow');
    expect(lax.check(sourceWith(), track('Order Completed', bad)).quarantine).toBeUndefined();
  });
});

describe('versions', () => {
  test('the highest by number counts when the client names none', () => {
    expect(checker.check(sourceWith(), track('Cart Viewed', { cart: 1 }))).toMatchObject({
      plan: 'shop@10',
      violations: [],
    });
    expect(checker.check(sourceWith(), track('Cart Viewed', { cart_id: 1 }, '2'))).toMatchObject({
      plan: 'shop@2',
      violations: [],
    });
  });

  test('a version that the plan does not have is a violation, and stripping cannot mend it', () => {
    const asked = track('Cart Viewed', { cart: 1 }, '3');
    const verdict = checker.check(sourceWith({ on_violation: 'strip' }), asked);
    expect(verdict.quarantine).toMatchObject({
      reason: 'schema_violation',
      path: 'context.protocols.event_version',
    });
    expect(verdict.violations).toMatchObject([{ rule: 'event_version', action: 'quarantine' }]);
    expect(checker.check(sourceWith({ on_violation: 'allow' }), asked).quarantine).toBeUndefined();
  });
});

describe('strip', () => {
  const strip = (properties: Record<string, unknown>) =>
    checker.check(sourceWith(), track('Trimmed', properties));

  test.each([
    [
      { ...good, coupon: 7, tags: ['a'] },
      { ...good, tags: ['a'] },
    ],
    [{ ...good, tags: ['a', 1] }, good],
    [
      {
        ...good,
        products: [
          { product_id: 'p', price: 'x' },
          { product_id: 'q', price: 2 },
        ],
      },
      { ...good, products: [{ product_id: 'p' }, { product_id: 'q', price: 2 }] },
    ],
    [{ ...good, products: [1] }, good],
    [
      { ...good, extra: { a: 1, b: 2, c: 3 } },
      { ...good, extra: { a: 1 } },
    ],
    [{ ...good, gift: { from: 1 } }, good],
  ])('%j keeps everything else', (properties, expected) => {
    const before = structuredClone(properties);
    const verdict = strip(properties);
    expect(verdict.quarantine).toBeUndefined();
    expect(verdict.properties).toEqual(expected);
    expect(new Set(verdict.violations.map((one) => one.action))).toEqual(new Set(['strip']));
    expect(properties).toEqual(before);
  });

  test('a missing field cannot be stripped: quarantine, as it came, and the detail says why', () => {
    const properties = { revenue: 1, coupon: 7 };
    const verdict = strip(properties);
    expect(verdict.properties).toBe(properties);
    expect(verdict.quarantine).toEqual({
      reason: 'schema_violation',
      detail: 'properties.order_id is missing; nothing can be stripped to mend this',
      path: 'properties.order_id',
    });
    expect(verdict.violations.every((one) => one.action === 'quarantine')).toBe(true);
  });

  test('a required field with a wrong value goes to quarantine rather than away', () => {
    expect(strip({ ...good, revenue: 'x' }).quarantine).toEqual({
      reason: 'schema_violation',
      detail: 'properties.revenue must be a number, got text; without it properties.revenue is missing',
      path: 'properties.revenue',
    });
  });

  test('law: what is not quarantined holds to the plan afterwards, and nothing is added', () => {
    const value = fc.oneof(
      fc.string(),
      fc.double(),
      fc.boolean(),
      fc.constant(null),
      fc.array(fc.integer(), { maxLength: 3 }),
      fc.dictionary(fc.string(), fc.integer()),
    );
    const names = fc.constantFrom(
      'coupon',
      'currency',
      'tags',
      'products',
      'gift',
      'extra',
      'revenue',
      'other',
    );
    fc.assert(
      fc.property(fc.dictionary(names, value), (fields) => {
        const properties = { order_id: 'o', revenue: 1, ...fields };
        const verdict = strip(properties);
        if (verdict.quarantine !== undefined) return;
        expect(strip(verdict.properties).violations).toEqual([]);
        expect(properties).toMatchObject(verdict.properties);
      }),
    );
  });
});

describe('unknown events', () => {
  const wary = sourceWith({ unknown_events: 'quarantine' });

  test('pass or go to quarantine as the source says; only track calls can be unknown', () => {
    expect(checker.check(sourceWith(), track('Surprise', {}))).toMatchObject({ plan: '', violations: [] });
    expect(checker.check(wary, track('Surprise', {}))).toMatchObject({
      violations: [{ path: 'event', rule: 'unknown_event', action: 'quarantine' }],
      quarantine: { reason: 'unknown_event', path: 'event' },
    });
    const screen = { type: 'screen', event: 'Surprise', properties: {}, traits: {} };
    expect(checker.check(wary, screen).quarantine).toBeUndefined();
  });

  test('no name of a built-in property counts as known', () => {
    for (const name of ['constructor', 'toString', '__proto__', '']) {
      expect(checker.check(wary, track(name, {})).quarantine?.reason).toBe('unknown_event');
    }
  });

  test('with a plan that is not released every event is unknown', () => {
    const verdict = checker.check(
      sourceWith({ unknown_events: 'quarantine', tracking_plan: 'later' }),
      track('Order Completed', good),
    );
    expect(verdict.quarantine?.detail).toContain('later of this source is not released');
  });
});

test('a release, and a rollback, take effect at once', () => {
  const { checker: live, release } = released({ shop: plan });
  const check = () => live.check(sourceWith(), track('Order Completed', { revenue: 1 })).quarantine?.reason;
  expect(check()).toBe('schema_violation');
  release({ shop: { events: [{ event: 'Order Completed', schema: {} }] } });
  expect(check()).toBeUndefined();
  release({});
  expect(check()).toBeUndefined();
  release({ shop: plan });
  expect(check()).toBe('schema_violation');
});
