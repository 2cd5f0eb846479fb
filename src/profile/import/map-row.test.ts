import { expect, test } from 'vitest';
import { compileRules } from '../../resolve/rules/compile-rules.ts';
import { identifierRules } from '../../resolve/rules/identifier-rules.ts';
import { mapRow } from './map-row.ts';
import { ImportPlan } from './mapping.ts';

const NOW_MS = Date.parse('2026-11-22');
const plan = ImportPlan.parse({
  kind: 'people',
  format: 'csv',
  mapping: {
    user: { to: 'identifier', type: 'user_id' },
    mail: { to: 'identifier', type: 'email' },
    tier: { to: 'trait', name: 'tier', as: 'text' },
  },
});
function map(user: string, mail: string) {
  const cells = { user, mail, tier: 'gold' };
  const identifiers = identifierRules(() => compileRules());
  const mapped = mapRow({ row: 1, cells }, { import_id: 'imp_1', plan, identifiers, now_ms: NOW_MS });
  return 'events' in mapped ? { events: mapped.events, problems: [] } : { events: [], ...mapped };
}

test('a placeholder as user id: the row is told by its other identifiers', () => {
  const [named] = map('', 'x@x.org').events;
  const [found] = map('null', 'x@x.org').events;
  expect(found).toEqual({ ...named, user_id: 'null' });
  expect(found?.anonymous_id).toMatch(/^import:[0-9a-f]{32}$/);
  expect(found?.traits).toEqual({ email: 'x@x.org', tier: 'gold' });
});

test('a row of placeholders only has no identifier', () => {
  expect(map('null', '').problems).toMatchObject([{ rule: 'no_identifier' }]);
});
