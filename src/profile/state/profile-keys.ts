import type { NodeId } from '../../resolve/contract.ts';

/** `NodeState` of a node. */
export const nodeKey = (node: NodeId): string => `node:${node}`;

/** Every stored event up to this log position is counted in the states; committed after the states themselves. */
export const COUNTED_KEY = 'profile:counted';

/** Counts the writes of traits: the version of their rows. Positions would not do, since those of history are higher. */
export const REVISION_KEY = 'profile:revision';

/** `ReadyTraits`: computed traits whose history is in the states, and how far the others are. */
export const READY_KEY = 'profile:computed';

export interface ReadyTraits {
  /** Name -> id. */
  readonly ready: Readonly<Record<string, string>>;
  /** Being counted: ids by name, and the share of slices that are done. */
  readonly counting: { readonly ids: Readonly<Record<string, string>>; readonly share: number } | null;
}

export const NOTHING_READY: ReadyTraits = { ready: {}, counting: null };
