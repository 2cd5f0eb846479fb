import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { traitSettingsKind } from '../people/trait-settings.ts';
import { computedTraitKind } from './computed-trait-kind.ts';

test("the example shop's computed traits are sound", () => {
  const text = readFileSync(new URL('../../../examples/shop/computed-traits.yaml', import.meta.url), 'utf8');
  const definitions = parseAllDocuments(text).map(
    (document) => document.toJS() as { kind: string; name: string; body: unknown },
  );
  expect(definitions.length).toBeGreaterThan(8);
  for (const { kind, name, body } of definitions) {
    const of = [computedTraitKind, traitSettingsKind].find((known) => known.kind === kind);
    expect(of?.check(body, name), name).toEqual([]);
  }
});
