import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ACCESS_RULES } from './access-rules.ts';
import { accessGaps, createAllow } from './allow.ts';
import { openGovern } from './fixture.ts';

const allow = createAllow();
const actor = (...roles: string[]) => ({ id: 'a', name: 'A', kind: 'user' as const, roles });
const may = (roles: string[], action: 'read' | 'write', object: string) =>
  allow(actor(...roles), { action, object }).allowed;

test.each([
  [['viewer'], 'read', 'events', true],
  [['viewer'], 'write', 'sources', false],
  [['viewer'], 'read', 'audit', false],
  [['editor'], 'write', 'sources', true],
  [['editor'], 'write', 'users', false],
  [['editor'], 'read', 'tokens', false],
  [['admin'], 'write', 'users', true],
  [['admin'], 'read', 'audit', true],
  [[], 'read', 'events', false],
  [['owner'], 'read', 'events', false],
] as const)('%j may %s %s: %s', (roles, action, object, expected) => {
  expect(may([...roles], action, object)).toBe(expected);
});

test('an unknown object is refused to everybody, also one that objects inherit', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.constantFrom('constructor', 'toString', '__proto__')), (object) => {
      fc.pre(!Object.hasOwn(ACCESS_RULES, object));
      expect(may(['admin'], 'read', object)).toBe(false);
    }),
  );
});

test('the person refused is told what is missing', () => {
  const access = { action: 'write', object: 'sources' } as const;
  expect(allow(actor('viewer'), access)).toEqual({
    allowed: false,
    reason: 'Changing sources needs the role editor.',
  });
});

test('objects without a rule are listed as gaps', async () => {
  const { stage } = await openGovern();
  expect(accessGaps(stage.operations)).toEqual([]);
  expect(accessGaps([{ access: { action: 'read', object: 'moon' } }, ...stage.operations])).toEqual(['moon']);
});
