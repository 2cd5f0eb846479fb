/** What validation needs to know of a rule's answer; the rule engine gives it. */
export interface PersonExplanation {
  readonly person: string;
  /** The predicates of the rule, each with its place, and whether it holds for the person now. */
  readonly parts: readonly {
    readonly place: string;
    readonly predicate: string;
    readonly description: string;
    readonly is: boolean;
  }[];
}

/** People in any order. Rejects with `not_found` for segments without a rule, as those that were discovered. */
export type Explain = (segment: string, people: readonly string[]) => Promise<readonly PersonExplanation[]>;

/** How many people each predicate failed, most first. */
export function failedBy(
  explanations: readonly PersonExplanation[],
): { path: string; predicate: string; people: number }[] {
  const counts = new Map<string, { path: string; predicate: string; people: number }>();
  for (const { place, description, is } of explanations.flatMap((e) => e.parts)) {
    if (is) continue;
    const found = counts.get(place) ?? { path: place, predicate: description, people: 0 };
    counts.set(place, { ...found, people: found.people + 1 });
  }
  return [...counts.values()].sort((a, b) => b.people - a.people || (a.path < b.path ? -1 : 1));
}

export const partsWhere = (explanation: PersonExplanation | undefined, is: boolean) =>
  (explanation?.parts ?? [])
    .filter((part) => part.is === is)
    .map(({ place, description }) => ({ path: place, predicate: description }));
