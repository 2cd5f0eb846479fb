import { param, type Sql, sql, table } from '../../kernel/sql.ts';
import type { Source, WriteKey } from './source.ts';

const SOURCES = table('sources');
const WRITE_KEYS = table('write_keys');

export interface SourceRecord {
  readonly id: string;
  readonly name: string;
  readonly type: Source['type'];
  readonly enabled: 0 | 1;
  readonly created_at: string;
  /** JSON of SourceSettings. */
  readonly settings: string;
}

export interface WriteKeyRecord extends WriteKey {
  readonly source_id: string;
}

export const allSources = (): Sql =>
  sql`SELECT id, name, type, enabled, created_at, settings FROM ${SOURCES} ORDER BY created_at, id`;

export const allWriteKeys = (): Sql =>
  sql`SELECT id, source_id, write_key, created_at, expires_at, revoked_at FROM ${WRITE_KEYS} ORDER BY created_at, id`;

export const sourceNamed = (name: string): Sql =>
  sql`SELECT id FROM ${SOURCES} WHERE name_key = ${name.toLowerCase()}`;

export const insertSource = (source: Source): Sql => sql`
  INSERT INTO ${SOURCES} (id, name, name_key, type, enabled, created_at, settings)
  VALUES (${source.id}, ${source.name}, ${source.name.toLowerCase()}, ${source.type}, ${source.enabled ? 1 : 0},
          ${source.created_at}, ${JSON.stringify(source.settings)})`;

export const updateSource = (source: Source): Sql => sql`
  UPDATE ${SOURCES} SET name = ${source.name}, name_key = ${source.name.toLowerCase()},
    enabled = ${source.enabled ? 1 : 0}, settings = ${JSON.stringify(source.settings)}
  WHERE id = ${source.id}`;

export const insertWriteKey = (source_id: string, key: WriteKey): Sql => sql`
  INSERT INTO ${WRITE_KEYS} (id, source_id, write_key, created_at, expires_at, revoked_at)
  VALUES (${key.id}, ${source_id}, ${key.write_key}, ${key.created_at}, ${param(key.expires_at, 'String')},
          ${param(key.revoked_at, 'String')})`;

/** Ends the source's keys at `expires_at`, except those that end before. ISO dates sort as text. */
export const expireWriteKeys = (source_id: string, expires_at: string): Sql => sql`
  UPDATE ${WRITE_KEYS} SET expires_at = ${expires_at}
  WHERE source_id = ${source_id} AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > ${expires_at})`;

/** A second revocation keeps the date of the first. */
export const revokeWriteKey = (source_id: string, key_id: string, revoked_at: string): Sql => sql`
  UPDATE ${WRITE_KEYS} SET revoked_at = ${revoked_at}
  WHERE source_id = ${source_id} AND id = ${key_id} AND revoked_at IS NULL`;
