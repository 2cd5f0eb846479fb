/** One person's part of a unit, as a picture: who is in it, what holds it together, what stayed out. Pure. */
import type { Derived } from '../graph/derive.ts';
import { type Cause, type IdentityNode, isTwin, type Observation } from '../graph/unit.ts';
import type { CompiledRules } from '../rules/compile-rules.ts';

export interface EdgeView {
  readonly from: IdentityNode;
  readonly to: IdentityNode;
  readonly first_ms: number;
  readonly cause: Cause;
  readonly source_id: string;
  readonly message_id: string;
  readonly observations: number;
}

/** Members that are worth showing: without names that only an alias speaks of, unless they lead. */
export const shownMembers = (members: readonly IdentityNode[], person: string): IdentityNode[] =>
  members.filter((node) => node.first_ms !== Infinity || (node.id as string) === person);

/** From the highest identifier of each observation to each of its others, the earliest of each pair. */
export function edgesOf(
  observations: Iterable<Observation>,
  members: ReadonlySet<IdentityNode>,
  rules: CompiledRules,
): EdgeView[] {
  const edges = new Map<string, EdgeView>();
  const priority = (node: IdentityNode): number => rules.type(node.type)?.priority ?? 1_000;
  for (const { nodes, first_ms, cause, source_id, message_id } of observations) {
    const [from, ...others] = nodes
      .filter((node) => members.has(node) && !isTwin(node))
      .sort((a, b) => priority(a) - priority(b) || (a.id < b.id ? -1 : 1));
    if (from === undefined) continue;
    for (const to of others) {
      const key = `${from.id} ${to.id}`;
      const known = edges.get(key);
      const edge = { from, to, first_ms, cause, source_id, message_id };
      const count = (known?.observations ?? 0) + 1;
      edges.set(key, {
        ...(known === undefined || first_ms < known.first_ms ? edge : known),
        observations: count,
      });
    }
  }
  return [...edges.values()];
}

/** What was seen with this person and did not join, either way; the first time of each. */
export function dropsOf(derived: Derived, person: string): Derived['drops'] {
  const first = new Map<string, Derived['drops'][number]>();
  for (const drop of derived.drops) {
    if (drop.node.person !== person && drop.kept.person !== person) continue;
    const key = `${drop.node.id} ${drop.kept.person} ${drop.rule}`;
    if (!first.has(key)) first.set(key, drop);
  }
  return [...first.values()];
}
