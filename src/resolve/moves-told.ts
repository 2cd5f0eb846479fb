/**
 * Moves that later stages hear of, gathered. A crash between two commits may leave a later stage at any person that a
 * node went through: each of them is told the way to where the node is now, also when it came back to where it began.
 */
import type { PersonId } from '../kernel/ids.ts';
import type { NodeId } from './contract.ts';
import type { Resplit, Settled } from './graph/identity-graph.ts';

export interface MovesTold {
  add(more: Settled): void;
  all(): Settled;
  isEmpty(): boolean;
  clear(): void;
}

export function createMovesTold(): MovesTold {
  /** The persons that each node may be believed at; where it is now is the last. */
  const ways = new Map<NodeId, Set<PersonId>>();
  const resplit = new Map<NodeId, Resplit>();
  return {
    add(more) {
      for (const { node, from, to } of more.moves) {
        const way = ways.get(node) ?? new Set();
        ways.set(node, way.add(from));
        way.delete(to);
        way.add(to);
      }
      for (const one of more.resplit) resplit.set(one.node, one);
    },
    all: () => ({
      moves: [...ways].flatMap(([node, way]) => {
        const persons = [...way];
        const to = persons.pop() as PersonId;
        return persons.map((from) => ({ node, from, to }));
      }),
      resplit: [...resplit.values()],
    }),
    isEmpty: () => ways.size === 0 && resplit.size === 0,
    clear() {
      ways.clear();
      resplit.clear();
    },
  };
}
