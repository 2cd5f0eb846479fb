/** What validation needs to know of a rule's answer; the rule engine gives it. */
export interface PersonExplanation {
  readonly person: string;
  /** The rule's answer for the person, now. */
  readonly is: boolean;
  /** The predicates of the rule, each with its place. */
  readonly parts: readonly ExplainedPart[];
}

interface ExplainedPart {
  readonly place: string;
  readonly predicate: string;
  readonly description: string;
  /** Whether it holds for the person. */
  readonly is: boolean;
  /** Under an odd number of `not`: there it helps by being false. */
  readonly negated: boolean;
  /** Whether it makes the answer what it is; parts of an `any` that holds need not hold themselves. */
  readonly decides: boolean;
}

/** People in any order. Rejects with `not_found` for segments without a rule, as those that were discovered. */
export type Explain = (segment: string, people: readonly string[]) => Promise<readonly PersonExplanation[]>;

export interface Reason {
  readonly path: string;
  /** In words; what stands under a `not` is turned. */
  readonly predicate: string;
}

/** Nobody as far as the rule goes: never seen, or only as a bot in a rule that leaves bots out. */
const NOBODY: Reason = { path: 'exclude_bots', predicate: 'no event that was their own doing' };

/** Why a person is in, or is not, by the rule; empty where the rule answers otherwise than `is`. */
export function reasonsFor(explanation: PersonExplanation | undefined, is: boolean): Reason[] {
  if (explanation === undefined || explanation.is !== is) return [];
  const found = explanation.parts.filter(({ decides }) => decides);
  if (found.length === 0 && !is) return [NOBODY];
  return found.map((part) => ({ path: part.place, predicate: inWords(part) }));
}

/** Parts that keep people out are named as they stand in the rule: it is the `not` that needs a word. */
function inWords({ description, is, negated }: ExplainedPart): string {
  if (!negated) return description;
  return is ? `has ${description}` : `not: ${description}`;
}

/** How many people each part of the rule keeps out, most first. */
export function failedBy(explanations: readonly PersonExplanation[]): (Reason & { people: number })[] {
  const counts = new Map<string, Reason & { people: number }>();
  for (const reason of explanations.flatMap((one) => reasonsFor(one, false))) {
    const people = (counts.get(reason.path)?.people ?? 0) + 1;
    counts.set(reason.path, { ...reason, people });
  }
  return [...counts.values()].sort((a, b) => b.people - a.people || (a.path < b.path ? -1 : 1));
}
