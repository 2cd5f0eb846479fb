import { compareText } from './compare-text.ts';

/**
 * The newest of what was said: JSON text, when (ms since 1970 UTC), and by which source. Of two, the greater `(at,
 * value, source)` stays, whatever their order of arrival; so registers of several nodes fold into one in any order.
 */
export type Register = readonly [value: string, at_ms: number, source_id: string];

/** Negative when `a` is older. Ties go by value, then by source. */
export function compareRegisters(a: Register, b: Register): number {
  if (a[1] !== b[1]) return a[1] - b[1];
  return compareText(a[0], b[0]) || compareText(a[2], b[2]);
}

/** Traits that remember the first that was said instead of the last. */
export const isFirst = (name: string): boolean => name.startsWith('$first_');

/** The one that stays under the name. */
export function fold(name: string, a: Register | undefined, b: Register): Register {
  if (a === undefined) return b;
  const order = compareRegisters(a, b);
  return (isFirst(name) ? order <= 0 : order >= 0) ? a : b;
}

/** Traits of a node beyond this many are left out: those whose names come last. */
export const TRAITS_MAX = 500;
/** Longest JSON text of a value, and longest name, in code units. */
export const VALUE_MAX = 8_192;
export const NAME_MAX = 100;

const RESERVED = /^(\$|group\.|score\.)/;
/** `$…`, `group.…` and `score.…` are ours; what stands behind their dot is no member of another trait. */
export const isReserved = (name: string): boolean => RESERVED.test(name);
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);

/** Names that a source may set. */
export const isTraitName = (name: string): boolean =>
  name !== '' && name.length <= NAME_MAX && !isReserved(name) && !FORBIDDEN.has(name);
