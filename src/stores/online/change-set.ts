import { assert } from '../../kernel/errors.ts';
import type { Changes } from './port.ts';

/** What a key holds at some moment; `json` undefined when it holds nothing, or nothing any more. */
export interface Held {
  readonly json: string | undefined;
  /** 0 for never. */
  readonly expires_at_ms: number;
}

export interface ChangeSet {
  /** Adds one commit, or throws and leaves the set as it was: a value that is not JSON, a sum of what is no number. */
  apply(changes: Changes): Promise<void>;
  has(key: string): boolean;
  /** What each key holds in the end. */
  outcomes(): Iterable<readonly [key: string, held: Held]>;
}

/** Values encoded before the event loop gets a turn. */
const ENCODE_TURN = 1_000;
const NOTHING: Held = { json: undefined, expires_at_ms: 0 };

/**
 * Folds several commits, in order, into what each key holds in the end. `stored` tells what a key held before the
 * first; only additions ask for it.
 */
export function createChangeSet(stored: (key: string) => Held | undefined): ChangeSet {
  const held = new Map<string, Held>();
  return {
    apply: async ({ put = [], add = [], remove = [] }) => {
      const staged = new Map<string, Held>();
      for (const { key, value, expires_at_ms = 0 } of put) {
        staged.set(key, { json: jsonOf(value), expires_at_ms });
        if (staged.size % ENCODE_TURN === 0) await new Promise((resolve) => setImmediate(resolve));
      }
      for (const { key, by } of add) {
        const { json = '0', expires_at_ms } = staged.get(key) ?? held.get(key) ?? stored(key) ?? NOTHING;
        assert(/^-?\d/.test(json), 'an addition needs a key that holds a number');
        staged.set(key, { json: jsonOf(Number(json) + by), expires_at_ms });
      }
      for (const key of remove) staged.set(key, NOTHING);
      for (const [key, outcome] of staged) held.set(key, outcome);
    },
    has: (key) => held.has(key),
    outcomes: () => held,
  };
}

function jsonOf(value: unknown): string {
  const json: string | undefined = JSON.stringify(value);
  assert(json !== undefined, 'a value is JSON: it cannot be undefined or a function');
  return json;
}

const MAX_KEY_BYTES = 1_024;

/** Keys, additions and expiries of a commit, checked at the call. */
export function checkChanges({ put = [], add = [], remove = [] }: Changes): void {
  for (const { key, expires_at_ms } of put) {
    checkKey(key);
    assert(
      expires_at_ms === undefined || (Number.isFinite(expires_at_ms) && expires_at_ms > 0),
      'an expiry is a time',
    );
  }
  for (const { key, by } of add) {
    checkKey(key);
    assert(Number.isFinite(by), 'an addition is a finite number');
  }
  for (const key of remove) checkKey(key);
}

/** A key is 1 to 1,024 bytes of UTF-8. */
export function checkKey(key: string): void {
  // A unit of UTF-16 takes three bytes at the most, so that short keys need no count.
  const short = key.length * 3 <= MAX_KEY_BYTES;
  assert(key !== '' && (short || Buffer.byteLength(key) <= MAX_KEY_BYTES), 'a key is 1 to 1,024 bytes');
}

export const countOf = ({ put = [], add = [], remove = [] }: Changes): number =>
  put.length + add.length + remove.length;
