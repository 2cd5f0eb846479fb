import { z } from 'zod';
import { type Clock, DAY_MS, HOUR_MS, hourStart } from '../kernel/clock.ts';
import { defineOperation, type Operation } from '../kernel/operation.ts';
import type { SessionQueries } from './sessions.service.ts';

const Flag = z.union([z.literal(0), z.literal(1)]);

const Session = z.object({
  session_id: z.string(),
  person_id: z.string(),
  started_at: z.string(),
  ended_at: z.string(),
  events: z.number(),
  pages: z.number(),
  campaign: z.string(),
  entry_path: z.string(),
  exit_path: z.string(),
  referrer: z.string(),
  bot: Flag,
  runaway: Flag,
  reopened: z.number(),
  removed: Flag,
  version: z.number(),
});

const Hour = z.object({
  hour: z.string(),
  sessions: z.number(),
  people: z.number(),
  events: z.number(),
  bots: z.number(),
  runaway: z.number(),
});

export function sessionOperations(sessions: SessionQueries, clock: Clock): Operation[] {
  return [
    defineOperation({
      name: 'sessions.list',
      summary: 'Sessions, newest first: of one person, or of everybody in the last seven days.',
      method: 'GET',
      path: '/api/sessions',
      input: z.object({
        person: z.string().min(1).optional(),
        limit: z.coerce.number().int().min(1).max(1_000).default(100),
      }),
      output: z.object({ sessions: z.array(Session) }),
      access: { action: 'read', object: 'sessions' },
      handle: async ({ person, limit }) => {
        const from_ms = person === undefined ? clock.now_ms() - 7 * DAY_MS : 0;
        return { sessions: await sessions.list({ person, from_ms, limit }) };
      },
    }),
    defineOperation({
      name: 'sessions.summary',
      summary:
        'Sessions, people and events for each hour of start, without bots and runaways, and sessions going on.',
      method: 'GET',
      path: '/api/sessions/summary',
      input: z.object({ hours: z.coerce.number().int().min(1).max(2_160).default(24) }),
      output: z.object({ hours: z.array(Hour), live: z.number() }),
      access: { action: 'read', object: 'sessions' },
      handle: async ({ hours }) => {
        const from_ms = hourStart(clock.now_ms()) - (hours - 1) * HOUR_MS;
        return { hours: await sessions.summary(from_ms), live: await sessions.live(clock.now_ms()) };
      },
    }),
  ];
}
