import { assert } from '../../kernel/errors.ts';
import type { Changes } from './port.ts';

/** What a key holds at some moment; `value` undefined when it holds nothing, or nothing any more. */
export interface Held {
  readonly value: unknown;
  /** 0 for never. */
  readonly expires_at_ms: number;
}

const NOTHING: Held = { value: undefined, expires_at_ms: 0 };

/**
 * Folds several commits, in order, into what each key holds in the end. `stored` tells what a key held before the first;
 * only additions ask for it.
 */
export function createChangeSet(stored: (key: string) => Held | undefined): {
  apply(changes: Changes): void;
  has(key: string): boolean;
  /** What each key holds in the end. */
  outcomes(): Iterable<readonly [key: string, held: Held]>;
} {
  const held = new Map<string, Held>();
  return {
    apply: ({ put = [], add = [], remove = [] }) => {
      for (const { key, value, expires_at_ms = 0 } of put) held.set(key, { value, expires_at_ms });
      for (const { key, by } of add) {
        const { value = 0, expires_at_ms } = held.get(key) ?? stored(key) ?? NOTHING;
        assert(typeof value === 'number', 'an addition needs a key that holds a number');
        held.set(key, { value: value + by, expires_at_ms });
      }
      for (const key of remove) held.set(key, NOTHING);
    },
    has: (key) => held.has(key),
    outcomes: () => held,
  };
}

/** Keys are 1 to 1,024 bytes of UTF-8; values are JSON; additions are finite numbers. Checked before anything is written. */
export function checkChanges({ put = [], add = [], remove = [] }: Changes): void {
  for (const { key, value, expires_at_ms } of put) {
    checkKey(key);
    assert(value !== undefined && typeof value !== 'function' && typeof value !== 'symbol', 'a value is JSON');
    assert(expires_at_ms === undefined || (Number.isFinite(expires_at_ms) && expires_at_ms > 0), 'an expiry is a time in ms');
  }
  for (const { key, by } of add) {
    checkKey(key);
    assert(Number.isFinite(by), 'an addition is a finite number');
  }
  for (const key of remove) checkKey(key);
}

const MAX_KEY_BYTES = 1_024;

export function checkKey(key: string): void {
  // Three bytes are the most that one UTF-16 unit takes, so that short keys need no count.
  const short = key.length * 3 <= MAX_KEY_BYTES;
  assert(key !== '' && (short || Buffer.byteLength(key) <= MAX_KEY_BYTES), 'a key is 1 to 1,024 bytes');
}

export const countOf = ({ put = [], add = [], remove = [] }: Changes): number => put.length + add.length + remove.length;
