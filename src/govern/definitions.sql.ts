import { param, type Sql, sql, table } from '../kernel/sql.ts';

const VERSIONS = table('definition_versions');
const RELEASES = table('releases');
const ITEMS = table('release_items');

export type Review = 'none' | 'requested' | 'approved' | 'rejected';

/** `body` is JSON text; `null` proposes to remove the definition. */
export interface VersionRow {
  readonly kind: string;
  readonly name: string;
  readonly version: number;
  readonly body: string;
  readonly author_id: string;
  readonly author_name: string;
  readonly created_at: string;
  readonly review: Review;
  readonly reviewer_id: string | null;
  readonly reviewer_name: string | null;
  readonly reviewed_at: string | null;
}

/** `changes` is JSON text of ReleaseChange[]. */
export interface ReleaseRow {
  readonly id: number;
  readonly created_at: string;
  readonly author_id: string;
  readonly author_name: string;
  readonly message: string;
  readonly changes: string;
  readonly rolled_back_from: number | null;
  readonly rolled_back_to: number | null;
}

export interface ItemRow {
  readonly kind: string;
  readonly name: string;
  readonly version: number;
  readonly body: string;
}

/** The newest version of each definition. */
export const newestVersions = (): Sql => sql`
  SELECT v.* FROM ${VERSIONS} v
  JOIN (SELECT kind, name, MAX(version) AS version FROM ${VERSIONS} GROUP BY kind, name) n
    ON n.kind = v.kind AND n.name = v.name AND n.version = v.version
  ORDER BY v.kind, v.name`;

/** Newest first. */
export const versionsOf = (kind: string, name: string): Sql =>
  sql`SELECT * FROM ${VERSIONS} WHERE kind = ${kind} AND name = ${name} ORDER BY version DESC`;

export const newestVersion = (kind: string, name: string): Sql =>
  sql`SELECT * FROM ${VERSIONS} WHERE kind = ${kind} AND name = ${name} ORDER BY version DESC LIMIT 1`;

export const versionRow = (kind: string, name: string, version: number): Sql =>
  sql`SELECT * FROM ${VERSIONS} WHERE kind = ${kind} AND name = ${name} AND version = ${version}`;

export const insertVersion = (row: VersionRow): Sql => sql`
  INSERT INTO ${VERSIONS} (kind, name, version, body, author_id, author_name, created_at, review)
  VALUES (${row.kind}, ${row.name}, ${row.version}, ${row.body}, ${row.author_id}, ${row.author_name},
          ${row.created_at}, ${row.review})`;

export const updateReview = (row: VersionRow): Sql => sql`
  UPDATE ${VERSIONS} SET review = ${row.review}, reviewer_id = ${param(row.reviewer_id, 'String')},
    reviewer_name = ${param(row.reviewer_name, 'String')}, reviewed_at = ${param(row.reviewed_at, 'String')}
  WHERE kind = ${row.kind} AND name = ${row.name} AND version = ${row.version}`;

/** Kind, name and version of everything that any release ever held. */
export const everReleased = (): Sql => sql`SELECT DISTINCT kind, name, version FROM ${ITEMS}`;

export const currentRelease = (): Sql => sql`SELECT COALESCE(MAX(id), 0) AS id FROM ${RELEASES}`;

export const releasesNewestFirst = (limit: number): Sql =>
  sql`SELECT * FROM ${RELEASES} ORDER BY id DESC LIMIT ${limit}`;

export const releaseById = (id: number): Sql => sql`SELECT * FROM ${RELEASES} WHERE id = ${id}`;

export const itemsOf = (release_id: number): Sql => sql`
  SELECT i.kind, i.name, i.version, v.body FROM ${ITEMS} i
  JOIN ${VERSIONS} v ON v.kind = i.kind AND v.name = i.name AND v.version = i.version
  WHERE i.release_id = ${release_id} ORDER BY i.kind, i.name`;

const whole = (value: number | null) => param(value, 'Int64');

export const insertRelease = (row: ReleaseRow): Sql => sql`
  INSERT INTO ${RELEASES} (id, created_at, author_id, author_name, message, changes, rolled_back_from, rolled_back_to)
  VALUES (${row.id}, ${row.created_at}, ${row.author_id}, ${row.author_name}, ${row.message}, ${row.changes},
          ${whole(row.rolled_back_from)}, ${whole(row.rolled_back_to)})`;

export const insertItem = (release_id: number, item: ItemRow): Sql => sql`
  INSERT INTO ${ITEMS} (release_id, kind, name, version)
  VALUES (${release_id}, ${item.kind}, ${item.name}, ${item.version})`;
