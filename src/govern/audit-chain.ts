import { digest } from '../kernel/ids.ts';
import { canonicalJson } from './canonical-json.ts';

/** A row of `audit`. `details` is JSON text. */
export interface AuditRow {
  readonly id: number;
  readonly at: string;
  readonly actor_id: string;
  readonly actor_name: string;
  readonly actor_kind: string;
  readonly action: string;
  readonly object: string;
  readonly details: string;
  /** Digest of the row before; for the first row, GENESIS. */
  readonly previous: string;
  readonly digest: string;
}

export const GENESIS = '0'.repeat(64);

/** SHA-256 over everything that the row says and over the digest of the row before. */
export const rowDigest = ({ digest: _, ...row }: AuditRow): string => digest(canonicalJson(row));

export interface Chain {
  readonly ok: boolean;
  readonly entries: number;
  /** Digest of the newest row. Kept elsewhere, it also shows whether the newest rows were cut off. */
  readonly head: string;
  /** Id at which the chain breaks: a row changed, was removed or was put in. */
  readonly broken_at?: number;
}

/** Takes up the check where it stood and walks over more rows, in order of id. */
export function follow(chain: Chain, rows: readonly AuditRow[]): Chain {
  let { entries, head } = chain;
  if (!chain.ok) return chain;
  for (const row of rows) {
    if (row.id !== entries + 1 || row.previous !== head || rowDigest(row) !== row.digest) {
      return { ok: false, entries, head, broken_at: row.id };
    }
    entries += 1;
    head = row.digest;
  }
  return { ok: true, entries, head };
}

export const EMPTY_CHAIN: Chain = { ok: true, entries: 0, head: GENESIS };
