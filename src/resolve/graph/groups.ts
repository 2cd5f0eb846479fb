/** Groups of identifiers that are one person so far, and what forbids two of them to become one. */
import type { CompiledRules, TypeRule } from '../rules/compile-rules.ts';
import { aliasClasses } from './alias-classes.ts';
import type { Apart, IdentityNode, UnitParts } from './unit.ts';

export interface Group {
  readonly members: readonly IdentityNode[];
}

export interface Groups {
  of(node: IdentityNode): Group;
  /** The rule against joining `b` to `a` because of `node`, a member of `b`; undefined when nothing speaks against it. */
  refusal(a: Group, b: Group, node: IdentityNode): string | undefined;
  join(a: Group, b: Group): Group;
  readonly priorityOf: (node: IdentityNode) => number;
}

interface OpenGroup extends Group {
  members: IdentityNode[];
  readonly byType: Map<string, IdentityNode[]>;
  /** Has an identifier that may merge: somebody who exists. */
  exists: boolean;
}

/** Everybody alone. */
export function startGroups(unit: UnitParts, rules: CompiledRules): Groups {
  const groups = new Map<IdentityNode, OpenGroup>();
  for (const node of unit.nodes)
    groups.set(node, {
      members: [node],
      byType: new Map([[node.type, [node]]]),
      exists: rules.type(node.type)?.merges ?? false,
    });
  const of = (node: IdentityNode): OpenGroup => groups.get(node) as OpenGroup;
  const classOf = aliasClasses(unit.observations.values());
  const apart = unit.apart.map(sidesOf);
  return {
    of,
    priorityOf: (node) => rules.type(node.type)?.priority ?? 500,
    refusal(a, b, node) {
      const [one, other] = [a as OpenGroup, b as OpenGroup];
      if (apart.some((sides) => separates(sides, one, other))) return 'unmerged';
      const merges = rules.type(node.type)?.merges ?? false;
      if (!merges && one.exists && other.exists) return 'never_merge';
      return brokenLimit(one, other, rules, classOf);
    },
    join(a, b) {
      const [into, from] =
        a.members.length >= b.members.length
          ? [a as OpenGroup, b as OpenGroup]
          : [b as OpenGroup, a as OpenGroup];
      for (const node of from.members) groups.set(node, into);
      into.members.push(...from.members);
      for (const [type, nodes] of from.byType) {
        const own = into.byType.get(type);
        if (own === undefined) into.byType.set(type, nodes);
        else own.push(...nodes);
      }
      into.exists ||= from.exists;
      return into;
    },
  };
}

type Sides = readonly [ReadonlySet<string>, ReadonlySet<string>];
const sidesOf = ({ left, right }: Apart): Sides => [new Set(left), new Set(right)];

function separates([left, right]: Sides, a: Group, b: Group): boolean {
  const has = (side: ReadonlySet<string>, group: Group) => group.members.some((node) => side.has(node.id));
  return (has(left, a) && has(right, b)) || (has(right, a) && has(left, b));
}

/** Of the highest type that it breaks. Only types on both sides can pass a limit now: each side held its limits before. */
function brokenLimit(
  a: OpenGroup,
  b: OpenGroup,
  rules: CompiledRules,
  classOf: (node: IdentityNode) => IdentityNode,
): string | undefined {
  let priority = Infinity;
  let broken: string | undefined;
  for (const [type, nodes] of b.byType) {
    const others = a.byType.get(type);
    const rule = rules.type(type);
    if (others === undefined || rule === undefined || rule.priority > priority) continue;
    const limit = limitPassed(others, nodes, rule, classOf);
    if (limit !== undefined) [priority, broken] = [rule.priority, `limit ${type} ${limit}`];
  }
  return broken;
}

function limitPassed(
  a: readonly IdentityNode[],
  b: readonly IdentityNode[],
  { ever, window }: TypeRule,
  classOf: (node: IdentityNode) => IdentityNode,
): 'ever' | 'window' | undefined {
  const count = a.length + b.length;
  if (count > ever && new Set([...a, ...b].map(classOf)).size > ever) return 'ever';
  if (window === undefined || count <= window.count) return undefined;
  return (a.length < b.length ? isCrowded(a, b, window) : isCrowded(b, a, window)) ? 'window' : undefined;
}

/**
 * More than `count` of them were new within some `ms`. Those that no event named have no time and do not count. Each side
 * held the limit before, so only times near one of the fewer side can pass it now.
 */
function isCrowded(
  few: readonly IdentityNode[],
  many: readonly IdentityNode[],
  { count, ms }: { readonly count: number; readonly ms: number },
): boolean {
  const centres = few.map((node) => node.first_ms).filter((time) => time !== Infinity);
  const near = many
    .map((node) => node.first_ms)
    .filter((time) => centres.some((centre) => Math.abs(time - centre) < ms));
  if (centres.length + near.length <= count) return false;
  const times = [...centres, ...near].sort((x, y) => x - y);
  return times.some((time, i) => i >= count && time - (times[i - count] as number) < ms);
}
