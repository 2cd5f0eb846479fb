import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { precedenceKind } from '../validate/precedence.ts';
import { parseSegment } from './segment-body.ts';
import { checkSegments } from './segment-kind.ts';

interface Definition {
  readonly kind: string;
  readonly name: string;
  readonly body: unknown;
}

const read = (file: string): Definition[] =>
  parseAllDocuments(readFileSync(new URL(`../../../examples/shop/${file}`, import.meta.url), 'utf8')).map(
    (document) => document.toJS() as Definition,
  );

const files = ['segments.yaml', 'computed-traits.yaml', 'tracking-plan.yaml', 'segment-precedence.yaml'];

test('every audience of the shop is right, and asks for events and traits that the shop has', () => {
  const set = files.flatMap(read);
  const segments = set.filter(({ kind }) => kind === 'segment');
  expect(segments.length).toBeGreaterThan(5);
  for (const { name, body } of segments) expect(parseSegment(body), name).toMatchObject({ is: 'segment' });
  const names = new Set(segments.map(({ name }) => name));
  const consent = ['advertising', 'analytics', 'personalisation'].map((purpose) => `$consent.${purpose}`);
  const known = {
    events: new Set<string>(['Store Purchase', 'Email Opened']),
    fields: new Map(),
    traits: new Set(consent),
  };
  expect(checkSegments(set, names, known)).toEqual([]);
  const sets = set.filter(({ kind }) => kind === precedenceKind.kind);
  expect(sets.flatMap(({ name, body }) => precedenceKind.check(body, name))).toEqual([]);
  expect(precedenceKind.checkSet?.(set, names)).toEqual([]);
});
