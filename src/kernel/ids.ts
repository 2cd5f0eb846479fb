import { createHash, hash, randomBytes, randomUUID } from 'node:crypto';

/** Identifiers. Branded where two could be swapped by mistake. */
export type PersonId = string & { readonly brand: 'PersonId' };

/** `prefix_` and 20 URL-safe characters from 15 random bytes. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(15).toString('base64url')}`;

export const newUuid = (): string => randomUUID();

/** A secret of 32 random bytes, URL-safe. Shown once; only its digest is stored. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Hex SHA-256. For secrets with 128 bits of entropy or more, not for passwords. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');

/**
 * A 64-bit key of a text as 16 hex digits: the first 8 bytes of its MD5, which the warehouse computes too (`key64.ts`).
 * For spreading and joining, not for secrets. Among 10 million texts two share a key with probability 3 in a million.
 */
export const key64 = (text: string): string => hash('md5', text).slice(0, 16);
