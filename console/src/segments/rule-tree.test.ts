import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  addPart,
  type Branch,
  changePart,
  duplicatePart,
  movePart,
  newLeaf,
  type Part,
  placesOf,
  readRule,
  removePart,
  wrapPart,
  writeRule,
} from './rule-tree.ts';

const { rule } = fc.letrec<{ rule: unknown; leaf: unknown }>((tie) => ({
  leaf: fc.record({ predicate: fc.constant('trait'), trait: fc.string() }),
  rule: fc.oneof(
    { maxDepth: 3 },
    tie('leaf'),
    fc.record({ all: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie('rule'), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie('rule') }),
  ),
}));
const root = fc.record({ all: fc.array(rule, { minLength: 1, maxLength: 4 }) });

function partsOf(part: Part): Part[] {
  return part.is === 'leaf' ? [part] : [part, ...part.parts.flatMap(partsOf)];
}

/** What stands at `rule.all[0].not`. */
function at(value: unknown, place: string): unknown {
  const steps = place
    .replaceAll(/\[(\d+)\]/g, '.$1')
    .split('.')
    .slice(1);
  return steps.reduce<unknown>((here, step) => (here as Record<string, unknown>)[step], value);
}

test('a rule that was read is written as it was', () => {
  fc.assert(
    fc.property(root, (value) => {
      const doubled = JSON.stringify(value).includes('{"not":{"not"');
      fc.pre(!doubled);
      expect(writeRule(readRule(value))).toEqual(value);
    }),
  );
});

test('every part is found at its place', () => {
  fc.assert(
    fc.property(root, (value) => {
      const tree = readRule(value);
      const written = writeRule(tree);
      const places = placesOf(tree);
      for (const part of partsOf(tree)) {
        const plain = writeRule({ ...part, not: false });
        expect(at(written, places.get(part.id) ?? '')).toEqual(plain);
      }
    }),
  );
});

test('moving keeps every condition, and moving back undoes it', () => {
  fc.assert(
    fc.property(root, fc.nat(), fc.constantFrom(-1 as const, 1 as const), (value, pick, by) => {
      const tree = readRule(value);
      const parts = partsOf(tree).slice(1);
      const part = parts[pick % parts.length];
      if (part === undefined) return;
      const moved = movePart(tree, part.id, by);
      expect(countLeaves(moved)).toBe(countLeaves(tree));
      expect(writeRule(movePart(moved, part.id, by === 1 ? -1 : 1))).toEqual(
        moved === tree ? expect.anything() : writeRule(tree),
      );
    }),
  );
});

test('parts are added, changed, doubled, wrapped and taken out', () => {
  let tree: Branch = readRule(undefined);
  const leaf = newLeaf({ predicate: 'trait', trait: 'plan' });
  tree = addPart(tree, tree.id, leaf);
  tree = changePart(tree, leaf.id, (part) => ({ ...part, not: true }));
  expect(writeRule(tree)).toEqual({ all: [{ not: { predicate: 'trait', trait: 'plan' } }] });
  tree = duplicatePart(tree, leaf.id);
  expect(countLeaves(tree)).toBe(2);
  expect(new Set(partsOf(tree).map((part) => part.id)).size).toBe(3);
  tree = removePart(wrapPart(tree, leaf.id, 'any'), leaf.id);
  expect(writeRule(tree)).toEqual({ all: [{ any: [] }, { not: { predicate: 'trait', trait: 'plan' } }] });
});

function countLeaves(part: Part): number {
  return part.is === 'leaf' ? 1 : part.parts.reduce((sum, each) => sum + countLeaves(each), 0);
}
