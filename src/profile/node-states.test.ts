import { expect, test } from 'vitest';
import { key64 } from '../kernel/ids.ts';
import type { NodeId } from '../resolve/contract.ts';
import { createNodeStates } from './node-states.service.ts';
import { newDraft } from './state/node-state.ts';
import { nodeKey } from './state/profile-keys.ts';

const nodes = Array.from({ length: 40 }, (_, i) => key64(`user_id:${i}`) as NodeId);
const [first, second] = nodes as [NodeId, NodeId];
const at = (position: number) => ({ ...newDraft(), position });

/** A store whose answers wait until they are let go. */
function slowStore() {
  const kept = new Map<string, unknown>();
  let waiting: (() => void)[] = [];
  let reads = 0;
  return {
    kept,
    reads: () => reads,
    answer() {
      for (const go of waiting) go();
      waiting = [];
    },
    getMany<T>(keys: readonly string[]): Promise<(T | undefined)[]> {
      reads += keys.length;
      const found = keys.map((key) => kept.get(key) as T | undefined);
      return new Promise((resolve) => waiting.push(() => resolve(found)));
    },
  };
}

test('a state that memory lets go of while others are read is not lost', async () => {
  const store = slowStore();
  const states = createNodeStates(store, 8);
  states.put(first, at(1));
  const asked = states.get([first, second]);
  for (const node of nodes.slice(2)) states.put(node, at(2));
  store.answer();
  expect(await asked).toEqual([at(1), undefined]);
});

test('what was read before a commit does not stay in memory after it', async () => {
  const store = slowStore();
  const states = createNodeStates(store, 8);
  store.kept.set(nodeKey(first), at(1));
  const asked = states.get([first]);
  store.kept.set(nodeKey(first), at(2));
  states.put(first, at(2));
  for (const node of nodes.slice(2)) states.put(node, at(2));
  store.answer();
  await asked;
  const again = states.get([first]);
  store.answer();
  expect(await again).toEqual([at(2)]);
});

test('memory is bounded by reading alone', async () => {
  const store = slowStore();
  const states = createNodeStates(store, 8);
  const ask = async (asked: readonly NodeId[]) => {
    const answer = states.get(asked);
    store.answer();
    await answer;
  };
  for (const node of nodes) await ask([node]);
  const reads = store.reads();
  await ask(nodes.slice(-8));
  expect(store.reads()).toBe(reads);
  await ask(nodes.slice(0, 8));
  expect(store.reads()).toBe(reads + 8);
});
