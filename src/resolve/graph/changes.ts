/** What became different, for the record: every merge, split, drop and decision with its cause. Pure. */
import { key64, type PersonId } from '../../kernel/ids.ts';
import type { NodeId } from '../contract.ts';
import type { Derived } from './derive.ts';
import { CAUSES, type IdentityNode, type Observation } from './unit.ts';

export const CHANGE_KINDS = ['merge', 'split', 'drop', 'share', 'block'] as const;
export const CHANGE_CAUSES = [...CAUSES, 'unmerge', 'rules'] as const;

export interface Change {
  readonly change_id: string;
  /** ms */
  readonly at_ms: number;
  readonly what: (typeof CHANGE_KINDS)[number];
  readonly cause: (typeof CHANGE_CAUSES)[number];
  readonly rule: string;
  readonly identifiers: readonly string[];
  readonly from: PersonId;
  readonly to: PersonId;
  /** What went from `from` to `to`, and whom it met there. */
  readonly nodes: readonly NodeId[];
  readonly kept: readonly NodeId[];
  readonly source_id: string;
  readonly message_id: string;
  readonly actor_id: string;
  readonly detail: string;
}

/** Something that a unit has not taken into account yet. */
export interface News {
  readonly what: 'seen' | 'unmerge' | 'rules';
  readonly observation?: Observation;
  readonly cause: Change['cause'];
  readonly source_id: string;
  readonly message_id: string;
  readonly heard_ms: number;
  readonly actor_id?: string;
  /** Never personal data. */
  readonly detail?: string;
}

/** Nodes listed in a change. */
const NODES_MAX = 1_000;

interface Difference {
  readonly members: readonly IdentityNode[];
  /** By place in `members`. */
  readonly before: readonly PersonId[];
  readonly derived: Derived;
  readonly news: readonly News[];
  readonly newly_learned: readonly IdentityNode[];
  readonly resplit: readonly { readonly node: NodeId; readonly twin: NodeId }[];
}

export function changesOf(difference: Difference): Change[] {
  const { members, news, newly_learned, resplit } = difference;
  const last = news.at(-1);
  if (last === undefined) return [];
  const changes = [...moves(difference, last), ...drops(difference)];
  const byId = new Map(members.map((node) => [node.id, node]));
  for (const { node: id, twin } of resplit) {
    const node = byId.get(id);
    if (node === undefined || node.shared_ms === Infinity) continue;
    const to = twin as string as PersonId;
    changes.push(change('share', last, { rule: 'shared_device', nodes: [node], from: node.person, to }));
  }
  for (const node of newly_learned)
    changes.push(
      change('block', last, { rule: 'learned', nodes: [node], from: node.person, to: node.person }),
    );
  return changes;
}

/** One for each pair of persons that nodes went from and to. A merge: people came to stay with others. */
function moves({ members, before, news }: Difference, last: News): Change[] {
  const places = members.map((_, i) => i).filter((i) => before[i] !== members[i]?.person);
  if (places.length === 0) return [];
  const stayed = new Set(members.filter((node, i) => before[i] === node.person).map((node) => node.person));
  const leftBehind = new Set(members.flatMap((node, i) => (before[i] === node.person ? [before[i]] : [])));
  const byPair = Map.groupBy(places, (i) => `${before[i]} ${members[i]?.person}`);
  return [...byPair.values()].flatMap((pair) => {
    const nodes = pair.map((i) => members[i] as IdentityNode);
    const from = before[pair[0] as number] as PersonId;
    const to = nodes[0]?.person as PersonId;
    const moved = new Set(nodes);
    const kept = members.filter((node) => node.person === to && !moved.has(node));
    const cause = causeOf(news, nodes) ?? last;
    const is_split = leftBehind.has(from) || !(stayed.has(to) || kept.length > 0);
    if (!is_split && isJustBorn(nodes, cause)) return [];
    return [change(is_split ? 'split' : 'merge', cause, { nodes, kept, from, to })];
  });
}

/**
 * An identifier that nobody had met before the event that names it with others: it joins, but nobody was merged. What
 * matching or a person joins was known before, if only to a list, and is always told.
 */
const isJustBorn = (nodes: readonly IdentityNode[], { observation, cause }: News): boolean =>
  nodes.length === 1 &&
  (cause === 'event' || cause === 'alias' || cause === 'import') &&
  observation !== undefined &&
  (nodes[0] as IdentityNode).first_ms >= observation.first_ms;

const causeOf = (news: readonly News[], nodes: readonly IdentityNode[]): News | undefined =>
  news.find(({ observation }) => observation?.nodes.some((node) => nodes.includes(node)));

/** Drops of what is new; those of older observations were told when they were new. */
function drops({ derived, news }: Difference): Change[] {
  const fresh = new Map(
    news.flatMap((one) => (one.observation ? [[one.observation.key, one] as const] : [])),
  );
  return derived.drops.flatMap(({ observation, node, rule, kept }) => {
    const cause = fresh.get(observation.key);
    return cause === undefined
      ? []
      : [change('drop', cause, { rule, nodes: [node], kept: [kept], from: node.person, to: kept.person })];
  });
}

function change(
  what: Change['what'],
  { cause, heard_ms, source_id, message_id, actor_id = '', detail = '', observation }: News,
  moved: {
    readonly rule?: string;
    readonly nodes: readonly IdentityNode[];
    readonly kept?: readonly IdentityNode[];
    readonly from: PersonId;
    readonly to: PersonId;
  },
): Change {
  const { rule = '', nodes, kept = [], from, to } = moved;
  const id = [what, cause, source_id, message_id, heard_ms, rule, from, to, nodes[0]?.id];
  const named = observation?.nodes ?? nodes.slice(0, 20);
  return {
    change_id: key64(id.join('|')),
    at_ms: heard_ms,
    what,
    cause,
    rule,
    identifiers: named.map(({ type, value }) => `${type}:${value}`),
    from,
    to,
    nodes: nodes.slice(0, NODES_MAX).map((node) => node.id),
    kept: kept.slice(0, NODES_MAX).map((node) => node.id),
    source_id,
    message_id,
    actor_id,
    detail,
  };
}
