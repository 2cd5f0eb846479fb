/** People, events and rules for `bench segments`; rows are made inside the warehouse. */
import type { ReleasedDefinition } from '../src/govern/contract.ts';
import { DAY_MS } from '../src/kernel/clock.ts';
import { key64Of } from '../src/kernel/key64.ts';
import { param, type Sql, sql, table } from '../src/kernel/sql.ts';

const EVENTS = table('events');
const IDENTITIES = table('identities');
const TRAITS = table('traits');

/** Three in ten people have a device that was seen before they signed in. */
export const hasDevice = (person: number): boolean => person % 10 < 3;
export const HISTORY_DAYS = 120;

const NAMES = [
  'Product Viewed',
  'Product Added',
  'Cart Viewed',
  'Checkout Started',
  'Order Completed',
  'Products Searched',
  'Coupon Applied',
  'Review Submitted',
];
/** Of 100 events. */
const WEIGHTS = [52, 14, 8, 5, 4, 12, 3, 2];
const CATEGORIES = ['Shoes', 'Coats', 'Shirts', 'Bags', 'Hats'];

const userNode = (person: Sql): Sql => key64Of(sql`concat('user_id:u', toString(${person}))`);
const deviceNode = (person: Sql): Sql => key64Of(sql`concat('anonymous_id:d', toString(${person}))`);

/** Event number `from` and on: the person, the kind and the moment come from its hash. */
export function insertEvents(from: number, count: number, people: number, end_ms: number): Sql {
  const ends = WEIGHTS.map((_, i) => WEIGHTS.slice(0, i + 1).reduce((sum, w) => sum + w, 0));
  const kinds = WEIGHTS.flatMap((weight, i) => Array.from({ length: weight }, () => NAMES[i] ?? ''));
  if (ends.at(-1) !== 100) throw new Error('weights must make 100');
  return sql`
INSERT INTO ${EVENTS} (position, source_id, message_id, type, event, user_id, anonymous_id, timestamp, received_at, properties, bot)
SELECT number + 1, 'shop-web', concat('m', toString(number)), 'track', ${param(kinds, 'Array(String)')}[h2 % 100 + 1] AS event,
  if(h1 % 5 = 0 AND person % 10 < 3, '', concat('u', toString(person))) AS user_id,
  concat('d', toString(person)) AS anonymous_id,
  fromUnixTimestamp64Milli(toInt64(${end_ms} - h3 % ${HISTORY_DAYS * DAY_MS}), 'UTC') AS timestamp,
  timestamp AS received_at,
  concat('{"product_id":"p', toString(h2 % 5000), '","category":"', ${param(CATEGORIES, 'Array(String)')}[h3 % 5 + 1], '","price":', toString(h1 % 10000 / 100),
    if(event = 'Order Completed', concat(',"order_id":"o', toString(number), '","total":', toString(h3 % 30000 / 100), ',"currency":"EUR"', if(h3 % 7 = 0, ',"coupon":"TEN"', '')), ''), '}') AS properties,
  h1 % 50 = 0
FROM (
  SELECT number, cityHash64(number, 1) AS h1, cityHash64(number, 2) AS h2, cityHash64(number, 3) AS h3, h1 % ${people} AS person
  FROM numbers(${from}, ${count})
)
ORDER BY toStartOfHour(received_at)`;
}

/** Every node with its person: devices belong to their users. */
export const insertIdentities = (people: number): readonly Sql[] => [
  sql`INSERT INTO ${IDENTITIES} (node, type, person, version) SELECT ${userNode(sql`number`)} AS node, 'user_id', node, 1 FROM numbers(${people})`,
  sql`INSERT INTO ${IDENTITIES} (node, type, person, version) SELECT ${deviceNode(sql`number`)}, 'anonymous_id', ${userNode(sql`number`)}, 1 FROM numbers(${people}) WHERE number % 10 < 3`,
];

const PLANS = ['gold', 'silver', 'bronze', 'none'];
const COUNTRIES = ['DE', 'FR', 'AT', 'IT', 'ES', 'NL'];

export const TRAIT_VALUES: Readonly<Record<string, (person: number) => string | number | boolean>> = {
  plan: (person) => PLANS[person % 4] ?? '',
  age: (person) => 18 + (person % 60),
  $country: (person) => COUNTRIES[person % 6] ?? '',
  $device_type: (person) => (person % 3 === 0 ? 'mobile' : 'desktop'),
  '$consent.advertising': (person) => person % 5 < 2,
};

export const insertTraits = (people: number): readonly Sql[] => {
  const value: Readonly<Record<string, Sql>> = {
    plan: sql`concat('"', ${param(PLANS, 'Array(String)')}[number % 4 + 1], '"')`,
    age: sql`toString(18 + number % 60)`,
    $country: sql`concat('"', ${param(COUNTRIES, 'Array(String)')}[number % 6 + 1], '"')`,
    $device_type: sql`if(number % 3 = 0, '"mobile"', '"desktop"')`,
    '$consent.advertising': sql`if(number % 5 < 2, 'true', 'false')`,
  };
  return Object.entries(value).map(
    ([trait, text]) =>
      sql`INSERT INTO ${TRAITS} (trait, node, value, at, version) SELECT ${trait}, ${userNode(sql`number`)}, ${text}, fromUnixTimestamp64Milli(toInt64(1780000000000), 'UTC'), 1 FROM numbers(${people})`,
  );
};

const count = (event: string, days: number, at_least: number, more: object = {}) => ({
  predicate: 'count',
  event,
  window: { days },
  at_least,
  ...more,
});

/** Ten shapes of rules, each with ten different names, numbers and windows. */
export function hundredSegments(): ReleasedDefinition[] {
  const days = [1, 3, 7, 14, 21, 30, 45, 60, 90, 100];
  const rules: ((i: number, d: number) => object)[] = [
    (i, d) => count(NAMES[i % NAMES.length] ?? '', d, 1 + (i % 3)),
    (i, d) => ({
      all: [
        count('Product Viewed', d, 2),
        { predicate: 'count', event: 'Order Completed', window: { days: d }, exactly: 0 },
        { predicate: 'trait', trait: 'plan', op: 'in', value: PLANS.slice(0, 1 + (i % 3)) },
      ],
    }),
    (i, d) => ({
      predicate: 'aggregate',
      event: 'Order Completed',
      property: 'total',
      calc: i % 2 === 0 ? 'sum' : 'average',
      op: 'at_least',
      value: 20 * (i + 1),
      window: { days: d },
    }),
    (i, d) => ({
      predicate: 'sequence',
      steps: [{ event: 'Products Searched' }, { event: 'Checkout Started', within: { days: 1 + i } }],
      window: { days: d },
    }),
    (i, d) => ({
      predicate: 'absence',
      event: 'Checkout Started',
      without: { event: 'Order Completed' },
      within: { hours: 12 * (i + 1) },
      window: { days: d },
    }),
    (i, d) => ({
      all: [
        {
          predicate: 'first_last',
          which: i % 2 === 0 ? 'last' : 'first',
          event: 'Order Completed',
          op: 'older_than_days',
          value: d,
        },
        { predicate: 'trait', trait: 'age', op: 'between', value: [20 + i, 50 + i] },
      ],
    }),
    (i, d) =>
      count('Product Viewed', d, 3, {
        where: [{ field: 'category', op: 'equals', value: CATEGORIES[i % 5] }],
      }),
    (i, d) => ({
      any: [
        { predicate: 'geography', country: COUNTRIES.slice(0, 1 + (i % 4)) },
        count('Coupon Applied', d, 1),
      ],
    }),
    (_, d) => ({
      all: [
        { predicate: 'consent', purpose: 'advertising', state: 'granted' },
        { predicate: 'device', device_type: ['mobile'] },
        count('Order Completed', d, 1, { where: [{ field: 'coupon', op: 'exists' }] }),
      ],
    }),
    (i) => ({
      all: [
        { predicate: 'segment', segment: `s0-${i}` },
        { not: { predicate: 'segment', segment: `s2-${i}` } },
      ],
    }),
  ];
  return rules.flatMap((rule, shape) =>
    days.map((d, i) => ({
      kind: 'segment',
      name: `s${shape}-${i}`,
      version: 1,
      body: { label: `${shape} ${i}`, owner: 'bench', purpose: 'bench', rule: rule(i, d) },
    })),
  );
}
