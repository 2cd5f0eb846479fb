/** Segments inside segments: how many stand in each other, and how much a rule weighs with all of them. */
import { type RuleProblem, segmentsNamed } from './rule.ts';
import type { SegmentBody } from './segment-body.ts';

/** Segments that stand in each other, the outermost counted. */
export const CHAIN_MAX = 10;
/** Characters of a rule as JSON, with those of all segments inside it: one scan asks them together, and cannot be split. */
export const WHOLE_RULE_MAX = 131_072;

interface Reach {
  /** From the segment itself to the innermost one. */
  readonly chain: readonly string[];
  /** Itself and all inside it. */
  readonly names: ReadonlySet<string>;
  readonly characters: number;
}

/** Too deep or too large, said where it comes to be so and not again further out. Only where one of `changed` is inside. */
export function tooMuchInside(
  bodies: ReadonlyMap<string, Pick<SegmentBody, 'rule'>>,
  changed: ReadonlySet<string>,
): (RuleProblem & { readonly name: string })[] {
  const reachOf = createReach(bodies);
  return [...bodies.keys()].flatMap((name) => {
    const { chain, names, characters } = reachOf(name);
    if (names.isDisjointFrom(changed)) return [];
    const named = segmentsNamed(bodies.get(name)?.rule ?? { all: [] });
    const inside = named.filter(({ segment }) => bodies.has(segment));
    const say = (message: string, segment: string | undefined) => {
      const field = named.find((one) => one.segment === segment)?.place ?? 'rule';
      return [{ name, field, message }];
    };
    const before = inside.map(({ segment }) => reachOf(segment));
    if (chain.length > CHAIN_MAX && before.every((one) => one.chain.length <= CHAIN_MAX)) {
      const way = chain.join(' -> ');
      return say(
        `is a chain of ${chain.length} segments, at most ${CHAIN_MAX} stand in each other: ${way}; ask here for what an inner one asks`,
        chain[1],
      );
    }
    if (characters > WHOLE_RULE_MAX && before.every((one) => one.characters <= WHOLE_RULE_MAX)) {
      const largest = inside.toSorted(
        (a, b) => reachOf(b.segment).characters - reachOf(a.segment).characters,
      )[0];
      return say(
        `has ${characters} characters of JSON with the ${names.size - 1} segments inside it; at most ${WHOLE_RULE_MAX}: name fewer, or upload long lists as a trait`,
        largest?.segment,
      );
    }
    return [];
  });
}

function createReach(bodies: ReadonlyMap<string, Pick<SegmentBody, 'rule'>>): (name: string) => Reach {
  const done = new Map<string, Reach>();
  const lengths = new Map([...bodies].map(([name, { rule }]) => [name, JSON.stringify(rule).length]));
  const open = new Set<string>();
  const reachOf = (name: string): Reach => {
    const known = done.get(name);
    if (known !== undefined) return known;
    const body = bodies.get(name);
    // A ring is refused by itself.
    if (body === undefined || open.has(name)) return { chain: [], names: new Set(), characters: 0 };
    open.add(name);
    const inner = [...new Set(segmentsNamed(body.rule).map(({ segment }) => segment))].map(reachOf);
    open.delete(name);
    const names = inner.reduce((all, one) => all.union(one.names), new Set([name]));
    const longest = inner.reduce<readonly string[]>(
      (best, { chain }) => (chain.length > best.length ? chain : best),
      [],
    );
    const characters = [...names].reduce((sum, one) => sum + (lengths.get(one) ?? 0), 0);
    const reach = { chain: [name, ...longest], names, characters };
    done.set(name, reach);
    return reach;
  };
  return reachOf;
}
