import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { PersonId } from '../../kernel/ids.ts';
import { silentLogger } from '../../kernel/logger.ts';
import { statement } from '../../kernel/sql.ts';
import { openWarehouse } from '../../stores/warehouse/open.ts';
import { compileTraits } from '../computed/compile.ts';
import { definitionsOf, iso, NOW, NOW_MS, stored } from '../fixture-people.ts';
import { compareText } from './compare-text.ts';
import { addConsent, type ConsentTimes, decisionOf, laterDecision } from './consent.ts';
import { canonicalJson, readEventJson } from './event-json.ts';
import { addToNode, type NodeDraft, newDraft } from './node-state.ts';
import { createPersonProfile } from './person-profile.ts';
import type { ReadyTraits } from './profile-keys.ts';
import { type Register, TRAITS_MAX, VALUE_MAX } from './register.ts';
import { readUserAgent } from './user-agent.ts';

const NO_TRAITS = compileTraits(definitionsOf([]));

function nodeAfter(...events: ReturnType<typeof stored>[]): NodeDraft {
  const state = newDraft();
  for (const { event, position } of events) addToNode(state, event, position, NO_TRAITS, new Set());
  return state;
}

const identify = (position: number, traits: unknown, at = NOW) =>
  stored(position, { type: 'identify', event: '', timestamp: at, traits });

describe('a node', () => {
  test('keeps any JSON value, the newest by time', () => {
    const old = iso(NOW_MS - 1);
    const { traits } = nodeAfter(
      identify(1, { plan: 'gold', tags: ['a', { b: 1 }], vip: true, gone: 1 }),
      identify(2, { plan: 'silver', vip: false }, old),
      identify(3, { gone: null }),
    );
    expect(traits).toEqual({
      plan: ['"gold"', NOW_MS, 'shop-web'],
      tags: ['["a",{"b":1}]', NOW_MS, 'shop-web'],
      vip: ['true', NOW_MS, 'shop-web'],
      gone: ['null', NOW_MS, 'shop-web'],
    });
  });

  test('takes neither kept names nor what is too large', () => {
    const traits = {
      $country: 'XX',
      'group.account': 'x',
      'score.churn': 1,
      long: 'x'.repeat(VALUE_MAX),
      constructor: 1,
      toString: 2,
    };
    expect(Object.keys(nodeAfter(identify(1, traits)).traits)).toEqual(['toString']);
  });

  test('keeps the same traits past the limit, in any order', () => {
    const names = Array.from({ length: TRAITS_MAX + 50 }, (_, i) => `t${i}`);
    const one = nodeAfter(...names.map((name, i) => identify(i + 1, { [name]: 1 })));
    const other = nodeAfter(...names.toReversed().map((name, i) => identify(i + 1, { [name]: 1 })));
    expect(Object.keys(one.traits).length).toBe(TRAITS_MAX);
    expect(one.traits).toEqual(other.traits);
  });

  test('reads the context: once a day what comes with every event, first and last campaign and referrer', () => {
    const agent =
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1';
    const from = (source: string, referrer: string) => ({
      locale: 'de-DE',
      timezone: 'Europe/Berlin',
      userAgent: agent,
      location: { country: 'DE', region: 'BE', city: 'Berlin' },
      campaign: { source, medium: 'cpc', name: 'x' },
      page: { url: 'https://shop.example/a', referrer },
    });
    const { traits } = nodeAfter(
      stored(1, {
        timestamp: iso(NOW_MS - 3_600_000),
        context: from('a', 'https://www.search.example/?q=secret'),
      }),
      stored(2, { context: from('b', 'https://shop.example/b') }),
    );
    const day_ms = Date.parse(NOW.slice(0, 10));
    expect(traits).toMatchObject({
      $locale: ['"de-DE"', day_ms, 'shop-web'],
      $timezone: ['"Europe/Berlin"', day_ms, 'shop-web'],
      $country: ['"DE"', day_ms, 'shop-web'],
      $device_type: ['"mobile"', day_ms, 'shop-web'],
      $os: ['"iOS"', day_ms, 'shop-web'],
      $browser: ['"Safari"', day_ms, 'shop-web'],
      $first_campaign: ['"a/cpc/x"', NOW_MS - 3_600_000, 'shop-web'],
      $campaign: ['"b/cpc/x"', NOW_MS, 'shop-web'],
      $referrer: ['"search.example"', NOW_MS - 3_600_000, 'shop-web'],
      $first_referrer: ['"search.example"', NOW_MS - 3_600_000, 'shop-web'],
    });
  });
});

describe('consent', () => {
  const said = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 20 })), {
    minLength: 1,
    maxLength: 10,
  });
  const timesOf = (list: readonly (readonly [boolean, number])[]): ConsentTimes =>
    list.reduce<ConsentTimes | undefined>(
      (times, [granted, at]) => addConsent(times, granted, at),
      undefined,
    ) as ConsentTimes;

  test('is what was said last, a no when both were, and dates from the last time that the opposite was said', () => {
    fc.assert(
      fc.property(said, (list) => {
        const [value, since_ms]: Register = decisionOf(timesOf(list));
        const last = Math.max(...list.map(([, at]) => at));
        const granted = list.filter(([, at]) => at === last).every(([yes]) => yes);
        const opposite = list.filter(([yes]) => yes !== granted).map(([, at]) => at);
        const own = list.filter(([yes]) => yes === granted).map(([, at]) => at);
        expect(value).toBe(String(granted));
        expect(since_ms).toBe(opposite.length > 0 ? Math.max(...opposite) : Math.min(...own));
        expect(timesOf(list.toReversed())).toEqual(timesOf(list));
      }),
    );
  });

  test('of two nodes: the later decision, a no at the same moment, whichever node comes first', () => {
    const saying = (granted: boolean, at: string) =>
      nodeAfter(
        stored(1, { timestamp: at, context: { consent: { categoryPreferences: { ads: granted } } } }),
      );
    const [early, late] = [iso(NOW_MS - 1), NOW];
    const read = (...states: NodeDraft[]) =>
      createPersonProfile('p' as PersonId, [], states, NO_TRAITS, { ready: {} } as ReadyTraits).read(
        '$consent.ads',
        NOW_MS,
      )?.value;
    for (const [a, b, holds] of [
      [saying(true, late), saying(false, late), false],
      [saying(true, early), saying(false, late), false],
      [saying(true, late), saying(false, early), true],
      [saying(true, late), saying(true, early), true],
    ] as const) {
      expect(read(a, b)).toBe(holds);
      expect(read(b, a)).toBe(holds);
    }
  });

  test('of any nodes is the same in any order', () => {
    fc.assert(
      fc.property(fc.array(said, { minLength: 1, maxLength: 4 }), (nodes) => {
        const decisions = nodes.map((list) => decisionOf(timesOf(list)));
        const fold = (list: readonly Register[]) =>
          list.reduce<Register | undefined>(laterDecision, undefined) as Register;
        const [value, at] = fold(decisions);
        expect(fold(decisions.toReversed())).toEqual([value, at, 'consent']);
        const newest = Math.max(...decisions.map(([, since]) => since));
        expect(at).toBe(newest);
        expect(value).toBe(
          String(decisions.every(([granted, since]) => since < newest || granted === 'true')),
        );
      }),
    );
  });

  test('of which nothing was said is unknown', () => {
    const { consent } = nodeAfter(
      stored(1, { context: { consent: { categoryPreferences: { ads: 'yes', mail: null } } } }),
    );
    expect(consent).toEqual({});
  });
});

test('texts are ordered as the warehouse orders them', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 4 }),
      fc.string({ unit: 'binary', maxLength: 4 }),
      (a, b) => {
        expect(Math.sign(compareText(a, b))).toBe(Math.sign(Buffer.compare(Buffer.from(a), Buffer.from(b))));
      },
    ),
  );
});

test('equal values have equal texts', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 2 })), (value) => {
      const turned = Object.fromEntries(Object.entries(value).toReversed());
      expect(canonicalJson(turned)).toBe(canonicalJson(value));
      expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('a document is read when the warehouse reads it, and only then', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'event-json-'));
  const warehouse = await openWarehouse(`chdb:${folder}`, { logger: silentLogger });
  const values = [
    '1',
    '9223372036854776000',
    '18446744073709552000',
    '-9223372036854776000',
    '100000000000000000000',
    '1e+21',
    '"\\ud800"',
    '"\\\\ud800"',
    '"1,18446744073709552000"',
    '-0.5',
  ];
  const texts = values.map((value) => `{"a":${value},"mark":true}`);
  await warehouse.execute(
    statement('CREATE TABLE texts (nth UInt32, text String) ENGINE = MergeTree ORDER BY nth'),
  );
  await warehouse.insert(
    { is: 'table', name: 'texts' },
    texts.map((text, nth) => JSON.stringify({ nth, text })),
  );
  const rows = await warehouse.query<{ reads: 0 | 1 }>(
    statement(`SELECT JSONExtractBool(text, 'mark') AS reads FROM texts ORDER BY nth`),
  );
  expect(texts.map((text) => Object.hasOwn(readEventJson(text), 'mark'))).toEqual(
    rows.map((row) => Boolean(row.reads)),
  );
  await warehouse.close();
  rmSync(folder, { recursive: true, force: true });
});

test.each([
  [
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0',
    'desktop',
    'Windows',
    'Edge',
  ],
  [
    'Mozilla/5.0 (Linux; Android 15; Pixel 9) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Mobile Safari/537.36',
    'mobile',
    'Android',
    'Chrome',
  ],
  [
    'Mozilla/5.0 (iPad; CPU OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) CriOS/143.0 Mobile/15E148 Safari/604.1',
    'tablet',
    'iOS',
    'Chrome',
  ],
  [
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15',
    'desktop',
    'macOS',
    'Safari',
  ],
  ['Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0', 'desktop', 'Linux', 'Firefox'],
  ['curl/8.5.0', '', '', ''],
])('%s', (agent, device_type, os, browser) => {
  expect(readUserAgent(agent)).toEqual({ device_type, os, browser });
});
