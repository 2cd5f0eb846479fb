import { EVENTS, type LoggedEvent } from '../../collect/contract.ts';
import { hexOf, keysOf } from '../../kernel/key64.ts';
import { join, param, type Sql, sql } from '../../kernel/sql.ts';
import { SESSIONS, type SessionRow } from '../../profile/contract.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import { textKey } from '../compile/event-rows.sql.ts';
import { atTheirNodes } from '../compile/their-nodes.sql.ts';
import { SEGMENT_MEMBERS } from '../contract.ts';
import { OWN_SOURCE, type Signal } from '../rules/signal.ts';

export type PersonEvent = Pick<
  LoggedEvent,
  'type' | 'event' | 'source_id' | 'bot' | 'timestamp' | 'properties' | 'context' | 'traits' | 'library'
> & { readonly owner: string; readonly position: number };

/** Events that one of the signals can be of, the newest first: PersonEvent. */
export function eventsOfPeople(
  people: readonly string[],
  signals: readonly Signal[],
  by: PersonSql,
  limit: number,
): Sql {
  const broad = [...new Map(signals.map((signal) => [textKey(signal.broad), signal.broad])).values()];
  return sql`
SELECT ${hexOf(by.person)} AS owner, type, event, source_id, bot, timestamp, properties, context, traits, library, position
FROM ${EVENTS} ${by.join}
WHERE ${atTheirNodes(people)} AND owner IN (${param(people, 'Array(String)')}) AND (${join(broad, ' OR ')})
ORDER BY timestamp DESC LIMIT ${limit}`;
}

/** Who has events at all: `{owner, known}`. */
export const seenOf = (people: readonly string[], by: PersonSql): Sql => sql`
SELECT ${hexOf(by.person)} AS owner, max(bot = 0 AND source_id != ${OWN_SOURCE}) AS known
FROM ${EVENTS} ${by.join} WHERE ${atTheirNodes(people)} AND owner IN (${param(people, 'Array(String)')}) GROUP BY owner`;

export const traitsOf = (people: readonly string[], trait: Sql): Sql => sql`
SELECT ${hexOf(sql`asked.person`)} AS owner, asked.value AS value
FROM (SELECT person, value FROM (${trait}) WHERE person IN ${keysOf(people)}) AS asked`;

export type PersonSession = Pick<
  SessionRow,
  'person_id' | 'started_at' | 'ended_at' | 'pages' | 'events' | 'campaign'
>;

export const sessionsOf = (people: readonly string[]): Sql => sql`
SELECT person_id, started_at, ended_at, pages, events, campaign FROM ${SESSIONS} FINAL
WHERE person_id IN (${param(people, 'Array(String)')}) AND removed = 0 AND bot = 0 AND runaway = 0`;

/** `{segment, owner, since}` */
export const membershipsOf = (people: readonly string[]): Sql => sql`
SELECT toString(m.segment) AS segment, ${hexOf(sql`m.person`)} AS owner, m.since AS since
FROM (SELECT segment, person, since FROM ${SEGMENT_MEMBERS} FINAL WHERE member = 1 AND person IN ${keysOf(people)}) AS m`;
