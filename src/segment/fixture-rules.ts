/** Random rules and histories for the property tests: clustered, so that windows, ties and limits meet. */
import fc from 'fast-check';
import type { LoggedEvent } from '../collect/contract.ts';
import { DAY_MS, HOUR_MS } from '../kernel/clock.ts';
import type { Json } from '../profile/contract.ts';
import { iso, logged, NOW_MS } from './fixture.ts';

const EVENT_NAMES = ['Order Completed', 'Product Viewed', 'Cart Viewed'];
export const TRAIT_NAMES = [
  'plan',
  'age',
  'signed_up_at',
  'tags',
  '$country',
  '$device_type',
  'score.churn',
  'group.account',
  '$consent.ads',
];

const value: fc.Arbitrary<Json> = fc.oneof(
  fc.constantFrom(
    'gold',
    'Gold',
    'silver',
    '',
    '5',
    'true',
    'ä😀"\\/',
    'line\nbreak',
    'DE',
    'FR',
    'mobile',
    'acme',
  ),
  fc.constantFrom(0, 5, -1, 0.1, 30, 1e12, 29.999),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom<Json[]>(['gold', 5], [], [['gold']], ['acme', 'DE', true]),
  fc.constantFrom(
    iso(NOW_MS - 3 * DAY_MS),
    '2026-11-01',
    '2026-02-31',
    '2026-11-20T10:00:00+02:00',
    '2026-11-22 09:59',
  ),
  fc.constant({ a: 'gold' }),
);
const traitValue = value;

const scalar = fc.constantFrom<string | number | boolean>(
  'gold',
  'silver',
  '5',
  'ä😀"\\/',
  'DE',
  5,
  0,
  0.1,
  30,
  true,
  false,
);
const numberOp = fc.constantFrom('less', 'at_most', 'at_least', 'greater');
const amount = fc.constantFrom(0, 5, 0.1, 29.999, 30, 60);

const comparison = (timed: boolean): fc.Arbitrary<{ op: string; value?: unknown }> =>
  fc.oneof(
    fc.record({ op: fc.constantFrom('equals', 'not_equals', 'includes', 'not_includes'), value: scalar }),
    fc.record({
      op: fc.constantFrom('in', 'not_in'),
      value: fc.array(scalar, { minLength: 1, maxLength: 4 }),
    }),
    fc.record({ op: numberOp, value: amount }),
    fc.constantFrom({ op: 'between', value: [0, 29.999] }),
    fc.constantFrom<{ op: string; value?: unknown }>({ op: 'exists' }, { op: 'missing' }),
    fc.record({
      op: fc.constantFrom('contains', 'not_contains', 'starts_with', 'ends_with'),
      value: fc.constantFrom('old', 'g', '😀', '"', '\\', 'S'),
    }),
    fc.record({
      op: fc.constant('matches'),
      value: fc.constantFrom('^g', '[Gg]old$', 'e.b', '^\\s*\\d$', 'ä'),
    }),
    fc.record({
      op: fc.constantFrom('before', 'after'),
      value: fc.constantFrom('2026-11-19', iso(NOW_MS - 3 * DAY_MS)),
    }),
    ...(timed
      ? [
          fc.record({
            op: fc.constantFrom('within_days', 'older_than_days'),
            value: fc.constantFrom(1, 3, 30),
          }),
        ]
      : []),
  );

const duration = fc.constantFrom({ days: 1 }, { hours: 2 }, { days: 3 }, { minutes: 60 });
const window = fc.constantFrom(
  undefined,
  undefined,
  { days: 3 },
  { hours: 2 },
  { days: 1 },
  { from: '2026-11-20' },
  { from: '2026-11-20', to: iso(NOW_MS - DAY_MS) },
  { to: '2026-11-21' },
);
const fieldName = fc.constantFrom('total', 'item.color', 'kind', '$context.page.path', '$source_id');

const eventRef = fc.oneof(
  { weight: 6, arbitrary: fc.record({ event: fc.constantFrom(...EVENT_NAMES) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('page', 'any', 'track') }) },
  {
    weight: 3,
    arbitrary: fc.record({
      event: fc.constantFrom(...EVENT_NAMES),
      where: fc.array(
        fc.tuple(fieldName, comparison(false)).map(([field, test]) => ({ field, ...test })),
        { minLength: 1, maxLength: 2 },
      ),
    }),
  },
);

const numberTest = fc.oneof(
  fc.record({ op: fc.oneof(numberOp, fc.constant('equals')), value: amount }),
  fc.constant({ op: 'between', value: [0, 30] }),
);

const bounds = fc.constantFrom<object>(
  { at_least: 1 },
  { at_least: 2 },
  { at_most: 1 },
  { exactly: 0 },
  { exactly: 1 },
  { at_least: 1, at_most: 2 },
);

/** One arbitrary for each predicate, by name. */
export const leaves: Readonly<Record<string, fc.Arbitrary<object>>> = {
  trait: fc
    .tuple(fc.constantFrom(...TRAIT_NAMES), comparison(true))
    .map(([trait, test]) => ({ predicate: 'trait', trait, ...test })),
  count: fc
    .tuple(eventRef, window, bounds)
    .map(([ref, w, b]) => clean({ predicate: 'count', ...ref, window: w, ...b })),
  aggregate: fc
    .tuple(eventRef, window, fc.constantFrom('sum', 'average', 'min', 'max'), numberTest)
    .map(([ref, w, calc, test]) =>
      clean({ predicate: 'aggregate', ...ref, window: w, calc, property: 'total', ...test }),
    ),
  sequence: fc
    .tuple(
      fc.array(fc.tuple(eventRef, fc.option(duration, { nil: undefined })), { minLength: 2, maxLength: 3 }),
      window,
    )
    .map(([steps, w]) =>
      clean({
        predicate: 'sequence',
        steps: steps.map(([ref, within], i) => clean({ ...ref, within: i === 0 ? undefined : within })),
        window: w,
      }),
    ),
  absence: fc
    .tuple(eventRef, eventRef, fc.option(duration, { nil: undefined }), window)
    .map(([ref, without, within, w]) => clean({ predicate: 'absence', ...ref, without, within, window: w })),
  first_last: fc
    .tuple(
      eventRef,
      fc.constantFrom('first', 'last'),
      fc.oneof(
        fc.tuple(fieldName, comparison(false)).map(([property, test]) => ({ property, ...test })),
        fc.record({ op: fc.constantFrom('within_days', 'older_than_days'), value: fc.constantFrom(1, 3) }),
        fc.record({
          op: fc.constantFrom('before', 'after'),
          value: fc.constantFrom('2026-11-20', '2026-11-21T10:00'),
        }),
      ),
    )
    .map(([ref, which, test]) => ({ predicate: 'first_last', which, ...ref, ...test })),
  session: fc
    .tuple(
      fc.constantFrom('sessions', 'pages', 'events', 'minutes', 'longest_minutes'),
      numberTest,
      window,
      fc.option(fc.constant(['a/b/c']), { nil: undefined }),
    )
    .map(([measure, test, w, campaign]) =>
      clean({ predicate: 'session', measure, ...test, window: w, campaign }),
    ),
  score: fc.tuple(numberOp, amount).map(([op, v]) => ({ predicate: 'score', score: 'churn', op, value: v })),
  group: fc.constantFrom(
    { predicate: 'group', type: 'account' },
    { predicate: 'group', type: 'account', ids: ['acme', 'gold'] },
  ),
  geography: fc.constantFrom(
    { predicate: 'geography', country: ['DE', 'AT'] },
    { predicate: 'geography', country: ['FR'], city: ['x'] },
  ),
  device: fc.constant({ predicate: 'device', device_type: ['mobile', 'gold'] }),
  consent: fc
    .constantFrom('granted', 'denied', 'unknown')
    .map((state) => ({ predicate: 'consent', purpose: 'ads', state })),
  segment: fc.constantFrom('s0', 's1', 'nowhere').map((segment) => ({ predicate: 'segment', segment })),
};

const clean = (body: object): object =>
  Object.fromEntries(Object.entries(body).filter(([, v]) => v !== undefined));

/** Trees over the given predicates. */
export const rules = (names: readonly string[]): fc.Arbitrary<object> => {
  const one = fc.oneof(...names.map((name) => leaves[name] as fc.Arbitrary<object>));
  return fc.letrec<{ rule: object }>((tie) => ({
    rule: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      one,
      fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((all) => ({ all })),
      fc.array(tie('rule'), { minLength: 1, maxLength: 3 }).map((any) => ({ any })),
      tie('rule').map((not) => ({ not })),
    ),
  })).rule;
};

/** Events of six identifiers in the five days before NOW, some ahead of it. */
export const histories = (max: number): fc.Arbitrary<LoggedEvent[]> =>
  fc
    .array(
      fc.record({
        who: fc.constantFrom('u1', 'u2', 'u3', 'a1', 'a2', 'a3'),
        hours: fc.constantFrom(0, 0, 1, 2, 23, 24, 25, 47, 48, 72, 73, 96, -2),
        minutes: fc.constantFrom(0, 0, 1, 30, 59),
        type: fc.constantFrom('track', 'track', 'track', 'page', 'identify'),
        event: fc.constantFrom(...EVENT_NAMES),
        total: fc.option(value, { nil: undefined }),
        color: fc.option(value, { nil: undefined }),
        kind: fc.option(value, { nil: undefined }),
        path: fc.constantFrom(undefined, '/x', 'gold'),
        bot: fc.constantFrom<0 | 1>(0, 0, 0, 0, 1),
        source_id: fc.constantFrom('shop-web', 'gold', 'plumbline'),
      }),
      { maxLength: max },
    )
    .map((list) =>
      list.map((e, i) =>
        logged({
          message_id: `m${i}`,
          type: e.type as LoggedEvent['type'],
          event: e.type === 'track' ? e.event : '',
          source_id: e.source_id,
          bot: e.bot,
          user_id: e.who.startsWith('u') ? e.who : '',
          anonymous_id: e.who.startsWith('a') ? e.who : 'a9',
          timestamp: iso(NOW_MS - e.hours * HOUR_MS - e.minutes * 60_000),
          properties: JSON.stringify({
            total: e.total,
            kind: e.kind,
            ...(e.color === undefined ? {} : { item: { color: e.color } }),
          }),
          context: JSON.stringify(e.path === undefined ? {} : { page: { path: e.path } }),
        }),
      ),
    );

export const traitSets = fc.array(
  fc.record({
    who: fc.constantFrom('u1', 'u2', 'u3', 'a1', 'a2'),
    trait: fc.constantFrom(...TRAIT_NAMES),
    value: traitValue,
    hours: fc.constantFrom(1, 2, 3),
  }),
  { maxLength: 12 },
);

export const sessionSets = fc.array(
  fc.record({
    who: fc.constantFrom('u1', 'u2', 'a3'),
    hours: fc.constantFrom(1, 24, 72, 73),
    minutes: fc.constantFrom(0, 5, 30, 60),
    pages: fc.constantFrom(0, 5, 30),
    campaign: fc.constantFrom('', 'a/b/c'),
  }),
  { maxLength: 5 },
);

const UNITS_MS: Readonly<Record<string, number>> = { days: DAY_MS, hours: HOUR_MS, minutes: 60_000 };

/** Lengths of time that a rule names, ms. */
function lengthsIn(part: unknown): number[] {
  if (typeof part !== 'object' || part === null) return [];
  if (Array.isArray(part)) return part.flatMap(lengthsIn);
  return Object.entries(part).flatMap(([name, value]) => {
    const unit = UNITS_MS[name];
    if (unit !== undefined && typeof value === 'number') return [value * unit];
    const { op } = part as { readonly op?: string };
    if (name === 'value' && op?.endsWith('_days')) return [Number(value) * DAY_MS];
    return lengthsIn(value);
  });
}

/** Moments at which time alone can change what the rule says of somebody who did something at these moments. */
export const changeMoments = (rule: object, moments: readonly number[]): number[] => {
  const lengths = [0, ...new Set(lengthsIn(rule))];
  return moments.flatMap((at) =>
    lengths.flatMap((length) => [at + length - 1, at + length, at + length + 1]),
  );
};
