import { afterAll, beforeAll, expect, test } from 'vitest';
import { key64 } from '../../kernel/ids.ts';
import { keysOf } from '../../kernel/key64.ts';
import { sql } from '../../kernel/sql.ts';
import type { NodeId } from '../../resolve/contract.ts';
import { NOW_MS, openSegmentFixture, type SegmentFixture, testTraits } from '../fixture.ts';
import { createDraftGuard, type DraftGuard } from './draft-sensitivity.service.ts';

let fixture: SegmentFixture;
let guard: DraftGuard;
const people = Array.from({ length: 200 }, (_, i) => key64(`user_id:u${i}`) as NodeId);

beforeAll(async () => {
  fixture = await openSegmentFixture();
  await fixture.storeTraits(
    people.flatMap((node, i) => [
      {
        node,
        trait: 'household_income',
        value: (i < 100 ? 50_000 : 20_000) + ((i * 37) % 100),
        at_ms: NOW_MS,
      },
      { node, trait: 'religion', value: i % 2, at_ms: NOW_MS },
      { node, trait: 'health_score', value: i, at_ms: NOW_MS },
    ]),
  );
  const counts = { household_income: 200, religion: 200, health_score: 1_000_001 };
  guard = createDraftGuard({
    ...fixture,
    traits: {
      ...testTraits,
      traitNames: async () =>
        Object.entries(counts).map(([name, many]) => ({ name, types: ['number'], people: many })),
    },
    sensitiveFields: () => [],
  });
}, 60_000);
afterAll(() => fixture.close());

test('a draft that gives something away is told so, with the measure', async () => {
  const notes = await guard({ people: people.slice(0, 100), among: undefined, named: ['plan'] });
  expect(notes).toEqual([
    expect.stringMatching(
      /^Would probably be held until its use is approved: membership tells `household_income` \(income and debt\): area under the curve 1\.00/,
    ),
  ]);
});

test('what the rule names is declared instead; few people, nobody, and everybody tell nothing', async () => {
  const of = (some: readonly NodeId[], named: readonly string[] = []) =>
    guard({ people: some, among: undefined, named });
  expect(await of(people.slice(0, 100), ['household_income'])).toEqual([]);
  expect(await of(people.slice(0, 20))).toEqual([]);
  expect(await of([])).toEqual([]);
  expect(await of(people)).toEqual([]);
});

test('those outside are of the same sample', async () => {
  // Without the poor there is nobody to tell them from.
  const among = sql`person IN (SELECT arrayJoin(${keysOf(people.slice(0, 100))}))`;
  expect(await guard({ people: people.slice(0, 50), among, named: [] })).toEqual([]);
});
