import type { NodeId } from '../resolve/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { NodeState } from './state/node-state.ts';
import { nodeKey } from './state/profile-keys.ts';

/** Committed states, the lately used ones in memory. Also remembers who has none. */
export interface NodeStates {
  /** In the order of `nodes`. */
  get(nodes: readonly NodeId[]): Promise<(NodeState | undefined)[]>;
  /** These were committed. */
  put(node: NodeId, state: NodeState): void;
  forgetAll(): void;
  /** Lets go of the least recently used beyond the limit. */
  trim(): void;
}

export function createNodeStates(online: Pick<OnlineStore, 'getMany'>, nodes_max = 50_000): NodeStates {
  /** Least recently committed or read first. */
  const memory = new Map<NodeId, NodeState | null>();
  return {
    async get(nodes) {
      const missing = nodes.filter((node) => !memory.has(node));
      if (missing.length > 0) {
        const found = await online.getMany<NodeState>(missing.map(nodeKey));
        missing.forEach((node, i) => {
          // A commit may have come in between: what it put is newer.
          if (!memory.has(node)) memory.set(node, found[i] ?? null);
        });
      }
      return nodes.map((node) => memory.get(node) ?? undefined);
    },
    put(node, state) {
      memory.delete(node);
      memory.set(node, state);
    },
    forgetAll: () => memory.clear(),
    trim() {
      for (const node of memory.keys()) {
        if (memory.size <= nodes_max) break;
        memory.delete(node);
      }
    },
  };
}
