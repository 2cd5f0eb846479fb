import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { POLICIES, type Precedence, parsePrecedence, precedenceKind } from './precedence.ts';
import { coldStart, type Membership, resolveExclusive } from './resolve-exclusive.ts';
import { setSizes } from './set-sizes.ts';

const body = (more: Record<string, unknown> = {}): Precedence =>
  parsePrecedence({
    members: [
      { segment: 'vip', value: 5 },
      { segment: 'loyal', value: 9 },
      { segment: 'new', value: 1 },
      { segment: 'vip-asia', within: 'vip', value: 2 },
    ],
    ...more,
  });
const held = (...segments: string[]): Membership[] =>
  segments.map((segment, i) => ({ segment, since_ms: 1_000 - i }));

describe('resolveExclusive', () => {
  test.each([
    ['priority', ['loyal', 'vip'], 'vip', 'priority'],
    ['largest_value', ['vip', 'loyal'], 'loyal', 'largest_value'],
    ['most_recent', ['new', 'vip'], 'new', 'most_recent'],
    ['none_when_conflict', ['vip', 'loyal'], null, 'conflict'],
    ['none_when_conflict', ['loyal'], 'loyal', 'only_member'],
    ['priority', ['vip-asia', 'vip', 'loyal'], 'vip-asia', 'only_member'],
    ['priority', ['vip-asia', 'loyal'], 'loyal', 'only_member'],
    ['priority', ['other'], null, 'nothing'],
  ] as const)('%s of %j is %s', (policy, segments, segment, by) => {
    expect(resolveExclusive(held(...segments), body({ policy }))).toMatchObject({ segment, by });
  });

  test.each(['largest_value', 'most_recent', 'priority'] as const)(
    '%s: ties go by the order of the set',
    (policy) => {
      const tied = parsePrecedence({
        members: ['c', 'a', 'b'].map((segment) => ({ segment, value: 4 })),
        policy,
      });
      const since_ms = 1_000;
      for (const order of [
        ['a', 'b', 'c'],
        ['c', 'b', 'a'],
        ['b', 'c', 'a'],
      ]) {
        const memberships = order.map((segment) => ({ segment, since_ms }));
        expect(resolveExclusive(memberships, tied)).toMatchObject({ segment: 'c', by: policy });
      }
    },
  );

  test('at most one, that the person is in, whatever the order of memberships', () => {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const sets = fc.record({
      members: fc.tuple(
        ...names.map((segment, i) =>
          fc.record({
            segment: fc.constant(segment),
            within: fc.option(fc.constantFrom(...(i === 0 ? ['-'] : names.slice(0, i))), { nil: undefined }),
            value: fc.integer({ min: 0, max: 3 }),
          }),
        ),
      ),
      policy: fc.constantFrom(...POLICIES),
    });
    const memberships = fc.uniqueArray(
      fc.record({ segment: fc.constantFrom(...names, 'x'), since_ms: fc.nat(5) }),
      { selector: (m) => m.segment },
    );
    fc.assert(
      fc.property(sets, memberships, ({ members, policy }, list) => {
        const set = parsePrecedence({
          members: members.map(({ within, ...m }) =>
            within === undefined || within === '-' ? m : { ...m, within },
          ),
          policy,
        });
        const decision = resolveExclusive(list, set);
        expect(resolveExclusive(list.toReversed(), set)).toEqual(decision);
        const in_all = list.map((m) => m.segment);
        expect(decision.path.every((segment) => in_all.includes(segment))).toBe(true);
        expect(decision.segment).toBe(decision.path.at(-1) ?? null);
        for (const [i, segment] of decision.path.entries()) {
          expect(set.members.find((m) => m.segment === segment)?.within).toBe(decision.path[i - 1]);
        }
        if (
          set.policy !== 'none_when_conflict' &&
          set.members.some((m) => m.within === undefined && in_all.includes(m.segment))
        ) {
          expect(decision.segment).not.toBeNull();
        }
      }),
    );
  });
});

test('fallbacks: the first whose conditions all hold', () => {
  const { cold_start } = body({
    cold_start: [
      { segment: 'german-search', country: ['DE'], referrer: ['google.com', 'bing.com'] },
      { segment: 'mobile', device: ['mobile'] },
    ],
  });
  const facts = { country: 'DE', referrer: 'www.google.com', device: 'mobile' };
  expect(coldStart(facts, cold_start)).toMatchObject({ segment: 'german-search', by: 'cold_start' });
  expect(coldStart({ ...facts, referrer: 'notgoogle.com' }, cold_start).segment).toBe('mobile');
  expect(coldStart({ country: '', referrer: 'direct', device: '' }, cold_start)).toMatchObject({
    segment: null,
    by: 'nothing',
  });
  expect(resolveExclusive([], body({ cold_start }), facts).segment).toBe('german-search');
  expect(resolveExclusive(held('new'), body({ cold_start }), facts).segment).toBe('new');
});

test('sizes: everybody is somewhere once', () => {
  const names = body().members.map((m) => m.segment);
  const combinations = [
    { held: [0], people: 10 },
    { held: [1, 0], people: 5 },
    { held: [3, 0], people: 4 },
    { held: [2], people: 7 },
  ];
  const newcomers = [{ country: 'DE', referrer: 'direct', device: 'mobile', people: 3 }];
  const sizes = setSizes(body(), combinations, newcomers, { combinations: 6, everybody: 29 });
  expect(sizes.members_now.map((m) => [m.segment, m.before, m.after])).toEqual([
    ['vip', 19, 15],
    ['loyal', 5, 0],
    ['new', 7, 7],
    ['vip-asia', 4, 4],
  ]);
  expect(sizes).toMatchObject({
    people: 26,
    not_counted: { combinations: 2, people: 3 },
    conflicts: 9,
    none: 0,
    uncaught: 3,
    overlaps: [
      { segments: ['vip', 'loyal'], people: 5 },
      { segments: ['vip', 'vip-asia'], people: 4 },
    ],
  });
  expect(sizes.members_now[1]?.lost_to).toEqual([{ segment: 'vip', people: 5 }]);
  fc.assert(
    fc.property(
      fc.array(fc.record({ held: fc.subarray([0, 1, 2, 3], { minLength: 1 }), people: fc.nat(50) })),
      fc.constantFrom(...POLICIES),
      (rows, policy) => {
        const found = setSizes(body({ policy }), rows, [], { combinations: 0, everybody: 0 });
        const left = found.members_now.reduce((sum, m) => sum + Number(m.after), 0);
        expect(left + Number(found.none)).toBe(found.people);
        expect(found.members_now.every((m) => Number(m.after) <= Number(m.before))).toBe(true);
        expect(names.length).toBe(4);
      },
    ),
  );
});

test('a body is checked with the place of each problem', () => {
  const problems = (more: Record<string, unknown>) =>
    precedenceKind.check({ members: [{ segment: 'a' }, { segment: 'b' }], ...more }, 's').map((p) => p.field);
  expect(problems({})).toEqual([]);
  expect(problems({ policy: 'largest_value' })).toEqual(['members.0.value', 'members.1.value']);
  expect(
    problems({
      members: [
        { segment: 'a', within: 'b' },
        { segment: 'b', within: 'a' },
      ],
    }),
  ).toEqual(['members.0.within', 'members.1.within']);
  expect(problems({ members: [{ segment: 'a', within: 'z' }, { segment: 'a' }] })).toEqual([
    'members.0.within',
    'members.1.segment',
  ]);
});

test('a set that names a segment which is not there, or no longer, is refused with the place', () => {
  const members = [{ segment: 'vip' }, { segment: 'value/champions' }];
  const set = {
    kind: 'segment-precedence',
    name: 'offers',
    body: { members, cold_start: [{ segment: 'vip' }] },
  };
  const vip = { kind: 'segment', name: 'vip', body: {} };
  const value = { kind: 'segmentation', name: 'value', body: {} };
  const check = (...there: { kind: string; name: string; body: unknown }[]) =>
    precedenceKind.checkSet?.([...there, set], new Set())?.map(({ name, field }) => [name, field]);
  expect(check(vip, value)).toEqual([]);
  expect(check(vip)).toEqual([['offers', 'members[1].segment']]);
  expect(check(value)).toEqual([
    ['offers', 'members[0].segment'],
    ['offers', 'cold_start[0].segment'],
  ]);
});
