import { expect, test } from 'vitest';
import type { PersonId } from '../kernel/ids.ts';
import type { NodeId } from './contract.ts';
import { createMovesTold } from './moves-told.ts';

const node = 'n' as NodeId;
const move = (from: string, to: string) => ({ node, from: from as PersonId, to: to as PersonId });

test('whoever has the node at any person on its way is told where it is now', () => {
  const told = createMovesTold();
  told.add({ moves: [move('a', 'b')], resplit: [] });
  told.add({ moves: [move('b', 'c')], resplit: [] });
  expect(told.all().moves).toEqual([move('a', 'c'), move('b', 'c')]);
});

test('there and back is told to both: those who heard of the way there, and those who did not', () => {
  const told = createMovesTold();
  told.add({ moves: [move('a', 'b')], resplit: [] });
  told.add({ moves: [move('b', 'a')], resplit: [] });
  expect(told.all().moves).toEqual([move('b', 'a')]);
  // Read again after a crash that undid the way back, nobody is forgotten.
  const again = createMovesTold();
  again.add(told.all());
  again.add({ moves: [move('a', 'b')], resplit: [] });
  expect(again.all().moves).toEqual([move('a', 'b')]);
});
