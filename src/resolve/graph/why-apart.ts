/** Why identifiers that somebody said to be one person are not, as far as the rules and decisions know. Pure. */
import type { LinkRefusal } from '../contract.ts';
import type { CompiledRules } from '../rules/compile-rules.ts';
import { type Derived, derive } from './derive.ts';
import { ruledOut } from './ruled-out.ts';
import type { Apart, IdentityNode, Unit } from './unit.ts';

/** `nodes` stand as the unit was derived; null when all of them are one person. */
export function whyApart(
  unit: Unit,
  rules: CompiledRules,
  nodes: readonly IdentityNode[],
): LinkRefusal | null {
  if (new Set(nodes.map((node) => node.person)).size < 2) return null;
  const about = ({ type, value }: IdentityNode, rule: string): LinkRefusal => ({
    identifier: { type, value },
    rule,
    unmerge: null,
  });
  const out = ruledOut(unit, rules);
  const silent = nodes.find((node) => node.learned || out.has(node.id));
  if (silent !== undefined) return about(silent, silent.learned ? 'learned' : 'blocked');
  const drop = lastDrop(derive(unit, rules).drops, nodes);
  if (drop === undefined) return about(nodes.at(-1) as IdentityNode, 'unknown');
  const refusal = about(drop.node, drop.rule);
  if (drop.rule !== 'unmerged') return refusal;
  const apart = unit.apart.findLast((one) =>
    separatesPeople(unit, one, [drop.node.person, drop.kept.person]),
  );
  return apart === undefined ? refusal : { ...refusal, unmerge: asDecision(apart) };
}

/** Of the observation that says so: it came last, and holds nothing but these. */
const lastDrop = (
  drops: Derived['drops'],
  nodes: readonly IdentityNode[],
): Derived['drops'][number] | undefined =>
  drops.findLast(
    ({ observation, node }) =>
      nodes.includes(node) && observation.nodes.every((other) => nodes.includes(other)),
  );

/** Whether a decision keeps two of these people apart. */
export function separatesPeople(unit: Unit, { left, right }: Apart, people: readonly string[]): boolean {
  const personOf = new Map<string, string>(unit.nodes.map((node) => [node.id, node.person]));
  const of = (side: readonly string[]) =>
    new Set(
      side.map((id) => personOf.get(id)).filter((person) => person !== undefined && people.includes(person)),
    );
  const [one, other] = [of(left), of(right)];
  return one.size > 0 && other.size > 0 && one.union(other).size > 1;
}

const asDecision = ({ id, at_ms, actor_id, detail }: Apart): LinkRefusal['unmerge'] => ({
  id,
  at: new Date(at_ms).toISOString(),
  actor_id,
  detail,
});
