/** What other rules would change, unit by unit. Pure; persons and nodes by their keys, never by what they hold. */
import { derive } from '../graph/derive.ts';
import type { Unit } from '../graph/unit.ts';
import type { CompiledRules } from '../rules/compile-rules.ts';

export interface PreviewExample {
  readonly what: 'split' | 'join';
  /** Persons of today, and what becomes of them: nodes of each person by then. */
  readonly persons: readonly string[];
  readonly becomes: readonly (readonly string[])[];
}

export interface PreviewCounts {
  people_before: number;
  people_after: number;
  /** People of today whose identifiers would be of several. */
  split: number;
  /** People to be, who are several today. */
  joined: number;
  /** Identifiers whose person would have another id. */
  identifiers_moved: number;
  examples: PreviewExample[];
}

const EXAMPLES = 20;

export const noPreview = (): PreviewCounts => ({
  people_before: 0,
  people_after: 0,
  split: 0,
  joined: 0,
  identifiers_moved: 0,
  examples: [],
});

export function addUnit(counts: PreviewCounts, unit: Unit, now: CompiledRules, then: CompiledRules): void {
  const before = derive(unit, now).persons;
  const after = derive(unit, then).persons;
  const places = unit.nodes.map((_, i) => i).filter((i) => unit.nodes[i]?.twin_of === undefined);
  const byBefore = Map.groupBy(places, (i) => before[i] as string);
  const byAfter = Map.groupBy(places, (i) => after[i] as string);
  counts.people_before += byBefore.size;
  counts.people_after += byAfter.size;
  counts.identifiers_moved += places.filter((i) => before[i] !== after[i]).length;
  const differ = (what: 'split' | 'join', from: typeof byBefore, to: readonly string[]) => {
    for (const [person, members] of from) {
      const others = Map.groupBy(members, (i) => to[i] as string);
      if (others.size < 2) continue;
      counts[what === 'split' ? 'split' : 'joined'] += 1;
      if (counts.examples.length >= EXAMPLES) continue;
      const nodes = [...others.values()].map((some) => some.map((i) => unit.nodes[i]?.id as string));
      counts.examples.push(
        what === 'split'
          ? { what, persons: [person], becomes: nodes }
          : { what, persons: [...others.keys()], becomes: [nodes.flat()] },
      );
    }
  };
  differ('split', byBefore, after);
  differ('join', byAfter, before);
}

/** Types that the preview cannot judge fully: other rules would read them from elsewhere in events, or in another form. */
export function readDifferently(now: CompiledRules, then: CompiledRules): string[] {
  const reading = (rules: CompiledRules, type: string): string => {
    const rule = rules.type(type);
    return JSON.stringify([
      rule?.paths,
      rule?.normalise,
      rule?.hash_of,
      type === 'phone' && rules.rules.phone_country_code,
    ]);
  };
  return then.types.map((rule) => rule.type).filter((type) => reading(now, type) !== reading(then, type));
}
