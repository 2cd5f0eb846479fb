import { z } from 'zod';
import { type Shown, shownTo } from '../../kernel/contacts.ts';
import { AppError } from '../../kernel/errors.ts';
import { isMoment, isPosition, momentInput } from '../../kernel/moment-input.ts';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import { EVENT_TYPES, FATES, type LoggedEvent } from '../contract.ts';
import { standingId } from '../normalise/standing-id.ts';
import type { ReconciliationService } from '../reconciliation/reconciliation.service.ts';
import type { SourceDirectory } from '../sources/source.ts';
import type { EventFilter, EventWithFate } from './events.sql.ts';
import type { FateService } from './fate.service.ts';

const eventOut = z.object({
  position: z.number(),
  fate: z.enum(FATES),
  source_id: z.string(),
  source_name: z.string(),
  message_id: z.string(),
  type: z.string(),
  event: z.string(),
  person_id: z.string(),
  user_id: z.string(),
  anonymous_id: z.string(),
  timestamp: z.string(),
  received_at: z.string(),
  reason: z.string(),
  detail: z.string(),
  path: z.string(),
  of_position: z.number(),
  bot: z.number(),
  bot_reason: z.string(),
  plan: z.string(),
  violations: z.unknown(),
  properties: z.unknown(),
  traits: z.unknown(),
  context: z.unknown(),
  ip: z.string(),
  library: z.string(),
  payload: z.unknown(),
});

const occurrenceOut = z.object({
  fate: z.enum(FATES),
  source_id: z.string(),
  source_name: z.string(),
  position: z.number(),
  received_at: z.string(),
  reason: z.string(),
  detail: z.string(),
  path: z.string(),
  of: z.object({ message_id: z.string(), position: z.number() }).nullable(),
  resolved: z
    .object({ as: z.enum(['replayed', 'discarded']), position: z.number(), at: z.string() })
    .nullable(),
  steps: z.array(z.object({ at: z.string(), what: z.string() })),
});

const countsOut = {
  received: z.number(),
  stored: z.number(),
  deduplicated: z.number(),
  filtered: z.number(),
  quarantined: z.number(),
  pending: z.number(),
  difference: z.number(),
};

const listInput = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  after: z.coerce.number().int().min(0).optional().describe('only events after this log position'),
  before: z.string().optional().describe('cursor `next` of the page before'),
  fate: z.enum(FATES).optional(),
  source: z.string().max(100).optional(),
  type: z.enum(EVENT_TYPES).optional(),
  event: z.string().max(300).optional(),
  person: z.string().max(300).optional(),
  bot: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  q: z
    .string()
    .max(300)
    .optional()
    .describe('a message id, user id or anonymous id, or part of an event name'),
});

export function eventOperations(
  fates: FateService,
  reconciliation: ReconciliationService,
  sources: SourceDirectory,
  hidden_traits: () => ReadonlySet<string>,
): Operation[] {
  const nameOf = (source_id: string) => sources.byId(source_id)?.name ?? source_id;
  const toEvent =
    (shown: Shown) =>
    ({ origin: _, ...row }: EventWithFate) => ({
      ...row,
      source_name: nameOf(row.source_id),
      person_id: shown.text(standingId(row)?.value ?? ''),
      user_id: shown.text(row.user_id),
      anonymous_id: shown.text(row.anonymous_id),
      detail: shown.text(row.detail),
      ip: shown.ip(row.ip),
      violations: shown.json(json(row.violations)),
      properties: shown.json(json(row.properties)),
      traits: shown.traits(json(row.traits)),
      context: shown.json(json(row.context)),
      payload: shown.json(json(row.payload)),
    });
  const asPending = ({ position, event }: { position: number; event: LoggedEvent }) =>
    ({ ...event, position, fate: 'pending', of_position: 0 }) as unknown as EventWithFate;

  return [
    defineOperation({
      name: 'events.list',
      summary: 'Received events with their fate, newest first',
      method: 'GET',
      path: '/api/events',
      access: { action: 'read', object: 'events' },
      input: listInput,
      output: z.object({
        events: z.array(eventOut),
        end: z.number(),
        next: z.string().nullable(),
        masked: z.boolean().describe('contact data is shortened for the role of whoever asks'),
      }),
      handle: async ({ before, fate, ...rest }, { actor }) => {
        const end = fates.end();
        const shown = shownTo(actor, hidden_traits());
        const { masked } = shown;
        if (fate === 'pending') {
          const pending = (await fates.pending(rest.limit)).map(asPending);
          return { events: pending.map(toEvent(shown)), end, next: null, masked };
        }
        const filter: EventFilter = {
          ...rest,
          fate,
          before: before === undefined ? undefined : readCursor(before),
        };
        const rows = await fates.list(filter);
        return {
          events: rows.map(toEvent(shown)),
          masked,
          end,
          next: rows.length < rest.limit ? null : cursorOf(rows.at(-1)),
        };
      },
    }),
    defineOperation({
      name: 'events.fate',
      summary: 'What became of one message id',
      method: 'GET',
      path: '/api/events/{message_id}/fate',
      access: { action: 'read', object: 'events' },
      input: z.object({ message_id: z.string().min(1).max(2000), source: z.string().max(100).optional() }),
      output: z.object({ message_id: z.string(), occurrences: z.array(occurrenceOut) }),
      handle: async ({ message_id, source }, { actor }) => {
        const shown = shownTo(actor);
        const found = await fates.fateOf(message_id, source);
        return {
          message_id,
          occurrences: found.map((each) => ({
            ...each,
            detail: shown.text(each.detail),
            steps: each.steps.map(({ at, what }) => ({ at, what: shown.text(what) })),
            source_name: nameOf(each.source_id),
          })),
        };
      },
    }),
    defineOperation({
      name: 'reconciliation.show',
      summary: 'received = stored + deduplicated + filtered + quarantined + pending, by source and hour',
      method: 'GET',
      path: '/api/reconciliation',
      access: { action: 'read', object: 'events' },
      input: z.object({
        from: momentInput.optional(),
        to: momentInput.optional(),
        source: z.string().max(100).optional(),
      }),
      output: z.object({
        as_of_position: z.number(),
        rows: z.array(
          z.object({ source_id: z.string(), source_name: z.string(), hour: z.string(), ...countsOut }),
        ),
        totals: z.object(countsOut),
      }),
      handle: async ({ from, to, source }) => {
        const report = await reconciliation.run({
          ...(from && { from }),
          ...(to && { to }),
          ...(source && { source }),
        });
        return {
          ...report,
          rows: report.rows.map((row) => ({ ...row, source_name: nameOf(row.source_id) })),
        };
      },
    }),
  ];
}

/** Stored JSON columns are text; an empty one stands for nothing. */
function json(text: string): unknown {
  return text === '' ? null : (JSON.parse(text) as unknown);
}

const cursorOf = (row: EventWithFate | undefined): string | null =>
  row ? `${row.received_at}~${row.position}` : null;

function readCursor(cursor: string): { received_at: string; position: number } {
  const [received_at = '', position = ''] = cursor.split('~');
  const [at_ms, place] = [Date.parse(received_at), Number(position)];
  if (!isMoment(at_ms) || !/^\d+$/.test(position) || !isPosition(place)) {
    throw new AppError('invalid_input', {
      field: 'before',
      rule: 'cursor',
      message: '`before` must be the `next` value of an earlier answer.',
    });
  }
  return { received_at: new Date(at_ms).toISOString(), position: place };
}
