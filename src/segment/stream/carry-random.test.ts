/** Discovered segments under random runs, joins, partings and crashes, against what is expected of them. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { MINUTE_MS } from '../../kernel/clock.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { NodeMove } from '../../resolve/contract.ts';
import { openSegmentFixture, type SegmentFixture } from '../fixture.ts';
import { CLUSTERS, carrying, join, part, WHO } from '../fixture-carry.ts';
import { keyOf } from '../fixture-memberships.ts';

let fixture: SegmentFixture;
let { open, reopened, assign, places } = {} as ReturnType<typeof carrying>;
beforeAll(async () => {
  fixture = await openSegmentFixture();
  ({ open, reopened, assign, places } = carrying(fixture));
}, 60_000);
afterAll(() => fixture.close());

type Act =
  | { readonly is: 'assign'; readonly clusters: readonly number[] }
  | { readonly is: 'join'; readonly pairs: readonly (readonly [string, string])[] }
  | { readonly is: 'part'; readonly who: string }
  | { readonly is: 'restart' };

const who = fc.constantFrom(...WHO);
const acts: fc.Arbitrary<Act[]> = fc.array(
  fc.oneof(
    fc.record({
      is: fc.constant('assign' as const),
      clusters: fc.array(fc.integer({ min: -1, max: 2 }), { minLength: 6, maxLength: 6 }),
    }),
    {
      weight: 3,
      arbitrary: fc.record({
        is: fc.constant('join' as const),
        pairs: fc.array(fc.tuple(who, who), { minLength: 1, maxLength: 3 }),
      }),
    },
    fc.record({ is: fc.constant('part' as const), who }),
    fc.record({ is: fc.constant('restart' as const) }),
  ),
  { minLength: 4, maxLength: 10 },
);

/** What is expected: of each person the cluster and since when. */
type Expected = Map<PersonId, { readonly cluster: number; readonly since: number }>;

/** After joins: who has none takes the earliest of those who came and have nobody left, through others as well. */
function carryOver(
  expected: Expected,
  moves: readonly NodeMove[],
  people: ReadonlySet<PersonId>,
  now: number,
): void {
  const from = new Map<PersonId, Set<PersonId>>();
  for (const move of moves) {
    const givers = from.get(move.to) ?? new Set();
    from.set(move.to, givers);
    for (const giver of [move.from, ...(from.get(move.from) ?? [])]) givers.add(giver);
  }
  const taken = [...from].flatMap(([to, givers]) => {
    if (!people.has(to) || expected.has(to)) return [];
    const [best] = [...givers]
      .filter((giver) => giver !== to && !people.has(giver))
      .flatMap((giver) => expected.get(giver) ?? [])
      .sort((a, b) => a.since - b.since || a.cluster - b.cluster);
    return best === undefined ? [] : [[to, { cluster: best.cluster, since: now }] as const];
  });
  for (const [to, one] of taken) expected.set(to, one);
  for (const owner of [...expected.keys()]) if (!people.has(owner)) expected.delete(owner);
}

test('random runs, joins and partings', { timeout: 120_000 }, async () => {
  await fc.assert(
    fc.asyncProperty(acts, async (list) => {
      let stream = await open();
      const told: string[] = [];
      const expected: Expected = new Map();
      for (const [now, act] of list.entries()) {
        fixture.clock.advance(MINUTE_MS);
        const people = () => new Set(stream.people.values());
        if (act.is === 'assign') {
          const clusters = new Map([...people()].map((one, i) => [one, act.clusters[i] ?? -1]));
          // A run in which nobody is in a cluster ends without putting anybody anywhere.
          if ([...clusters.values()].every((cluster) => cluster < 0)) continue;
          const differ = [...clusters].map(([one, cluster]) => {
            const before = expected.get(one)?.cluster ?? -1;
            if (before !== cluster) expected.delete(one);
            if (before !== cluster && cluster >= 0) expected.set(one, { cluster, since: now });
            return before === cluster ? 0 : Number(before >= 0) + Number(cluster >= 0);
          });
          const { entered, exited } = await assign(stream, clusters);
          expect(entered + exited).toBe(differ.reduce((sum, n) => sum + n, 0));
        }
        if (act.is === 'join') {
          const moves = act.pairs.flatMap(([a, b]) => {
            const [from, to] = [stream.people.get(keyOf(a)), stream.people.get(keyOf(b))] as [
              PersonId,
              PersonId,
            ];
            return from === to ? [] : join(stream, from, to);
          });
          await stream.feed([], moves);
          carryOver(expected, moves, people(), now);
        }
        if (act.is === 'part') await stream.feed([], part(stream, keyOf(act.who)));
        if (act.is === 'restart') stream = reopened(stream);
        await stream.jobs();
        told.push(...stream.told.splice(0).map((one) => one.message_id));
        const lines = [...expected].map(([one, { cluster }]) => `value/${CLUSTERS[cluster]} ${one}`).sort();
        expect(await places(stream)).toEqual([lines, lines, lines]);
      }
      expect(new Set(told).size).toBe(told.length);
    }),
    { numRuns: 12, endOnFailure: true },
  );
});
