/** Moves that later stages hear of, gathered: one for each node, from where it was first to where it is last. */
import type { NodeId, NodeMove } from './contract.ts';
import type { Resplit, Settled } from './graph/identity-graph.ts';

export interface MovesTold {
  add(more: Settled): void;
  all(): Settled;
  isEmpty(): boolean;
  clear(): void;
}

export function createMovesTold(): MovesTold {
  const moves = new Map<NodeId, NodeMove>();
  const resplit = new Map<NodeId, Resplit>();
  return {
    add(more) {
      for (const move of more.moves) {
        const { from } = moves.get(move.node) ?? move;
        // There and back is told as the way back, for those who heard of the way there.
        moves.set(move.node, from === move.to ? move : { ...move, from });
      }
      for (const one of more.resplit) resplit.set(one.node, one);
    },
    all: () => ({ moves: [...moves.values()], resplit: [...resplit.values()] }),
    isEmpty: () => moves.size === 0 && resplit.size === 0,
    clear() {
      moves.clear();
      resplit.clear();
    },
  };
}
