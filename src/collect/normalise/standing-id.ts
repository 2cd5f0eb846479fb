/**
 * Where an event stands: at its user id, else at its anonymous id, passing over what senders write when they know nobody.
 * The warehouse says the same of every row in `events.node` (migrations/warehouse/003-node-of-somebody.sql).
 */
import { type Sql, sql } from '../../kernel/sql.ts';

const EDGE = '[\\x09-\\x0d "\']*';
const WORDS = [
  '\\(?(?:null|undefined|none|nil|nan|n/a|na|unknown|not set|anonymous|guest)\\)?',
  'unidentified',
  'test',
  'true',
  'false',
  'user',
  'id',
  'email',
  '\\[object (?:object|undefined|null)\\]',
  // Nothing at all, and zeros however they are set: 0, 00000000-0000-0000-0000-000000000000, 00:00:00:00:00:00.
  '[\\x09-\\x0d 0.+:_-]*',
];
/**
 * For text in lower case; it means the same to JavaScript and to ClickHouse. Rows keep the node that they were written
 * with, so another word in it comes with a new migration, which holds from then on.
 */
export const PLACEHOLDER = `^${EDGE}(?:${WORDS.join('|')})${EDGE}$`;

const pattern = new RegExp(PLACEHOLDER, 'i');

/** Whether it is a text that senders put where they know nobody (`null`, `[object Object]`, zeros), or nothing. */
export const isPlaceholder = (id: string): boolean => pattern.test(id);

/** The same of a text expression. */
export const isPlaceholderSql = (id: Sql): Sql => sql`match(lower(${id}), ${PLACEHOLDER})`;

export interface StandingId {
  readonly type: 'user_id' | 'anonymous_id';
  readonly value: string;
}

/** Undefined when neither id can name somebody: the event is stored and counted, and nobody's (node 0). */
export function standingId(event: {
  readonly user_id: string;
  readonly anonymous_id: string;
}): StandingId | undefined {
  if (!isPlaceholder(event.user_id)) return { type: 'user_id', value: event.user_id };
  if (!isPlaceholder(event.anonymous_id)) return { type: 'anonymous_id', value: event.anonymous_id };
  return undefined;
}
