import type { z } from 'zod';
import type { Precedence } from './precedence.ts';
import { coldStart, type Facts, resolveExclusive } from './resolve-exclusive.ts';
import type { SegmentSet } from './segment-set-output.ts';

type Sizes = Omit<
  z.infer<typeof SegmentSet>,
  'name' | 'description' | 'policy' | 'members' | 'version' | 'seen_days'
>;

/** People who are in just these members, the most recent membership first, by their place in the set. */
export interface Combination {
  readonly held: readonly number[];
  readonly people: number;
}

/** How many combinations there are and how many people are in them, beyond those that were counted apart. */
export interface AllCombinations {
  readonly combinations: number;
  readonly everybody: number;
}

const SHOWN_OVERLAPS = 50;

/** What the set makes of everybody. */
export function setSizes(
  body: Precedence,
  combinations: readonly Combination[],
  newcomers: readonly (Facts & { readonly people: number })[],
  all: AllCombinations,
): Sizes {
  const names = body.members.map((m) => m.segment);
  const before = names.map(() => 0);
  const after = new Map<string, number>();
  const lost = new Map<string, Map<string, number>>();
  const overlaps = new Map<string, { segments: string[]; people: number }>();
  let [people, conflicts, none] = [0, 0, 0];
  for (const { held, people: many } of combinations) {
    const segments = held.map((i) => names[i] as string);
    const { segment, path } = resolveExclusive(
      segments.map((s, nth) => ({ segment: s, since_ms: -nth })),
      body,
    );
    people += many;
    if (segments.length > 1) {
      conflicts += many;
      const key = segments.toSorted().join('\n');
      const seen = overlaps.get(key) ?? {
        segments: segments.toSorted((a, b) => names.indexOf(a) - names.indexOf(b)),
        people: 0,
      };
      overlaps.set(key, { ...seen, people: seen.people + many });
    }
    if (segment === null) none += many;
    else after.set(segment, (after.get(segment) ?? 0) + many);
    for (const i of held) before[i] = (before[i] ?? 0) + many;
    for (const other of segments) {
      // A member on the way to the decided one does not lose people: it holds them with it.
      if (segment === null || path.includes(other)) continue;
      const to = lost.get(other) ?? new Map<string, number>();
      lost.set(other, to.set(segment, (to.get(segment) ?? 0) + many));
    }
  }
  const new_people = newcomers.reduce((sum, row) => sum + row.people, 0);
  const caught = new Map<string, number>();
  for (const { people: many, ...facts } of newcomers) {
    const { segment } = coldStart(facts, body.cold_start);
    if (segment !== null) caught.set(segment, (caught.get(segment) ?? 0) + many);
  }
  return {
    people,
    not_counted: {
      combinations: all.combinations - combinations.length,
      people: all.everybody - people,
    },
    conflicts,
    none,
    members_now: body.members.map(({ segment, within, value }, i) => ({
      segment,
      within: within ?? null,
      value: value ?? null,
      before: before[i] ?? 0,
      after: after.get(segment) ?? 0,
      lost_to: [...(lost.get(segment) ?? [])]
        .map(([to, many]) => ({ segment: to, people: many }))
        .sort((a, b) => b.people - a.people),
    })),
    overlaps_left_out: 0,
    overlaps: [...overlaps.values()].sort((a, b) => b.people - a.people).slice(0, SHOWN_OVERLAPS),
    cold_start: [...new Set(body.cold_start.map((f) => f.segment))].map((segment) => ({
      segment,
      people: caught.get(segment) ?? 0,
      share: new_people === 0 ? 0 : (caught.get(segment) ?? 0) / new_people,
    })),
    uncaught: new_people - caught.values().reduce((sum, many) => sum + many, 0),
  };
}
