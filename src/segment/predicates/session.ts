import { z } from 'zod';
import { param, sql } from '../../kernel/sql.ts';
import {
  compareNumbers,
  compareNumbersSql,
  NumbersSchema,
  ORDER_OPS,
  refineNumbers,
} from '../rules/comparison.ts';
import { isWithin, spanOf, WindowSchema, withinSql } from '../rules/time-window.ts';
import { definePredicate, NEEDS_NOTHING, type SessionFact } from './predicate.ts';
import { compared, inWindow, said } from './words.ts';

const MEASURES = ['sessions', 'pages', 'events', 'minutes', 'longest_minutes'] as const;

const body = z
  .strictObject({
    predicate: z.literal('session'),
    measure: z
      .enum(MEASURES)
      .meta({ description: 'Number of sessions, or pages, events, minutes over all of them.' }),
    op: z.enum([...ORDER_OPS, 'between', 'equals']),
    value: NumbersSchema,
    campaign: z
      .array(z.string().min(1).max(500))
      .min(1)
      .max(100)
      .optional()
      .meta({ description: 'Only sessions that one of these campaigns opened: source/medium/campaign.' }),
    window: WindowSchema.optional().meta({ description: 'When the session began. Left out: ever.' }),
  })
  .superRefine(refineNumbers);

const SAID: Record<(typeof MEASURES)[number], string> = {
  sessions: 'number of sessions',
  pages: 'pages in sessions',
  events: 'events in sessions',
  minutes: 'minutes in sessions',
  longest_minutes: 'minutes of the longest session',
};

const MINUTE_MS = 60_000;

const MEASURE: Record<(typeof MEASURES)[number], (list: readonly SessionFact[]) => number> = {
  sessions: (list) => list.length,
  pages: (list) => list.reduce((sum, s) => sum + s.pages, 0),
  events: (list) => list.reduce((sum, s) => sum + s.events, 0),
  minutes: (list) => list.reduce((sum, s) => sum + s.ended_ms - s.started_ms, 0) / MINUTE_MS,
  longest_minutes: (list) =>
    list.reduce((most, s) => Math.max(most, s.ended_ms - s.started_ms), 0) / MINUTE_MS,
};

export const session = definePredicate({
  name: 'session',
  title: 'Sessions',
  summary:
    'Number of sessions in a window, or their pages, events and minutes. Without a session all of them are 0. Refreshed, not real-time.',
  schema: body,
  compile(b) {
    const span = spanOf(b.window);
    const [low, high] = Array.isArray(b.value) ? b.value : [b.value, b.value];
    const measured = (list: readonly SessionFact[], now_ms: number): number =>
      MEASURE[b.measure](
        list.filter(
          (s) =>
            isWithin(s.started_ms, span, now_ms) &&
            (b.campaign === undefined || b.campaign.includes(s.campaign)),
        ),
      );
    return {
      needs: { ...NEEDS_NOTHING, sessions: true },
      matches: (view, now_ms) => ({
        is: compareNumbers(b.op, measured(view.sessions(), now_ms), low, high),
        until_ms: Number.POSITIVE_INFINITY,
      }),
      toSql(columns) {
        const campaign =
          b.campaign === undefined ? sql`` : sql` AND campaign IN (${param(b.campaign, 'Array(String)')})`;
        const is = sql`${withinSql(sql`started_ms`, span, columns.now_ms)}${campaign}`;
        const value = {
          sessions: sql`countIf(${is})`,
          pages: sql`sumIf(pages, ${is})`,
          events: sql`sumIf(events, ${is})`,
          minutes: sql`sumIf(ended_ms - started_ms, ${is}) / ${MINUTE_MS}`,
          longest_minutes: sql`maxIf(ended_ms - started_ms, ${is}) / ${MINUTE_MS}`,
        }[b.measure];
        return compareNumbersSql(b.op, columns.sessions(value), low, high);
      },
      evidence: (view, now_ms) => measured(view.sessions(), now_ms),
    };
  },
  describe: (b) => {
    const campaign = b.campaign === undefined ? '' : ` from ${said(b.campaign)}`;
    return `${SAID[b.measure]}${campaign} ${compared(b)}${inWindow(b.window)}`;
  },
});
