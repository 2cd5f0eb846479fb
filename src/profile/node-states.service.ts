import type { NodeId } from '../resolve/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { NodeState } from './state/node-state.ts';
import { nodeKey } from './state/profile-keys.ts';

/** Committed states, those that came in last in memory. Also remembers who has none. */
export interface NodeStates {
  /** In the order of `nodes`. */
  get(nodes: readonly NodeId[]): Promise<(NodeState | undefined)[]>;
  /** These were committed. */
  put(node: NodeId, state: NodeState): void;
  forgetAll(): void;
}

/** What is committed of nodes, in their order, without a memory. */
export const readNodeStates = (
  online: Pick<OnlineStore, 'getMany'>,
  nodes: readonly NodeId[],
): Promise<(NodeState | undefined)[]> => online.getMany<NodeState>(nodes.map(nodeKey));

/** Lets go of many at once: a map finds its first key slowly after single ones were deleted. */
const SLACK = 1.125;

export function createNodeStates(online: Pick<OnlineStore, 'getMany'>, nodes_max = 50_000): NodeStates {
  /** Those that were committed or read longest ago first. */
  const memory = new Map<NodeId, NodeState | null>();
  let puts = 0;
  const keep = (node: NodeId, state: NodeState | null): void => {
    memory.delete(node);
    memory.set(node, state);
    if (memory.size <= nodes_max * SLACK) return;
    for (const oldest of memory.keys()) {
      if (memory.size <= nodes_max) break;
      memory.delete(oldest);
    }
  };
  return {
    async get(nodes) {
      // Taken before waiting: what is in memory now may have to go meanwhile.
      const states = new Map(nodes.map((node) => [node, memory.get(node)]));
      const missing = [...states.keys()].filter((node) => states.get(node) === undefined);
      if (missing.length > 0) {
        const puts_before = puts;
        const found = await readNodeStates(online, missing);
        missing.forEach((node, i) => {
          const state = memory.get(node) ?? found[i] ?? null;
          states.set(node, state);
          // A commit that came in between knows better.
          if (puts === puts_before) keep(node, state);
        });
      }
      return nodes.map((node) => states.get(node) ?? undefined);
    },
    put(node, state) {
      puts += 1;
      keep(node, state);
    },
    forgetAll: () => memory.clear(),
  };
}
