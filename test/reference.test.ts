/** Reference pages say exactly what the code says. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { QUARANTINE_REASONS } from '../src/collect/contract.ts';

const page = (name: string) => readFileSync(new URL(`../docs/reference/${name}`, import.meta.url), 'utf8');

test('every reason for quarantine is explained, and no other', () => {
  const explained = [...page('quarantine-reasons.md').matchAll(/^\| `(\w+)` \|/gm)].map((match) => match[1]);
  expect(explained).toEqual([...QUARANTINE_REASONS]);
});
