import { createHash, randomBytes, randomUUID } from 'node:crypto';

/** Identifiers. Branded where two could be swapped by mistake. */
export type PersonId = string & { readonly brand: 'PersonId' };

/** `prefix_` and 20 URL-safe characters from 15 random bytes. */
export const newId = (prefix: string): string => `${prefix}_${randomBytes(15).toString('base64url')}`;

export const newUuid = (): string => randomUUID();

/** A secret of 32 random bytes, URL-safe. Shown once; only its digest is stored. */
export const newSecret = (): string => randomBytes(32).toString('base64url');

/** Hex SHA-256. For secrets with 128 bits of entropy or more, not for passwords. */
export const digest = (text: string): string => createHash('sha256').update(text).digest('hex');
