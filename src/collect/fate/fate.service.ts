/** What became of each event: lists for the console, and the fate of one message id. */
import { AppError } from '../../kernel/errors.ts';
import type { EventLog, Position } from '../../stores/log/port.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { type Fate, IMPORT_BASE, type LoggedEvent } from '../contract.ts';
import { eachPending } from '../reconciliation/log-tail.service.ts';
import {
  type EventFilter,
  type EventWithFate,
  eventsWithFate,
  type ResolutionRow,
  resolutionsOf,
  sightings,
} from './events.sql.ts';

export interface Occurrence {
  readonly fate: Fate;
  readonly source_id: string;
  readonly position: number;
  readonly received_at: string;
  readonly reason: string;
  readonly detail: string;
  readonly path: string;
  /** Deduplicated only: the event that came first. */
  readonly of: { readonly message_id: string; readonly position: number } | null;
  /** Set aside once, and since replayed or discarded. */
  readonly resolved: {
    readonly as: 'replayed' | 'discarded';
    readonly position: number;
    readonly at: string;
  } | null;
  readonly steps: readonly { readonly at: string; readonly what: string }[];
}

/** How far back into the unprocessed log a list of pending events looks. */
const PENDING_MAX = 500;

export function createFateService(deps: {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly log: EventLog;
  readonly position_key: string;
}) {
  const { warehouse, online, log, position_key } = deps;
  const committed = async (): Promise<Position> => (await online.get<Position>(position_key)) ?? log.start();

  async function pendingOf(message_id: string, source_id: string | undefined): Promise<Occurrence[]> {
    const needle = `"message_id":${JSON.stringify(message_id)}`;
    const found: Occurrence[] = [];
    await eachPending(log, await committed(), log.end(), (line, position) => {
      if (!line.includes(needle)) return undefined;
      const event = JSON.parse(line) as LoggedEvent;
      if (
        event.kind === 'event' &&
        event.message_id === message_id &&
        (source_id === undefined || event.source_id === source_id)
      ) {
        found.push(pendingOccurrence(event, position));
      }
      return undefined;
    });
    return found;
  }

  return {
    list: (filter: EventFilter): Promise<EventWithFate[]> =>
      warehouse.query<EventWithFate>(eventsWithFate(filter)),

    /** Received and not yet settled, newest first. */
    async pending(limit: number): Promise<{ position: number; event: LoggedEvent }[]> {
      const end = log.end();
      const found: { position: number; event: LoggedEvent }[] = [];
      await eachPending(log, Math.max(await committed(), end - PENDING_MAX), end, (line, position) => {
        const event = JSON.parse(line) as LoggedEvent;
        if (event.kind === 'event') found.push({ position, event });
        return undefined;
      });
      return found.reverse().slice(0, limit);
    },

    end: (): Position => log.end(),

    /** Every occurrence of a message id, oldest first. Rejects with `not_found` when it never arrived. */
    async fateOf(message_id: string, source_id?: string): Promise<Occurrence[]> {
      // The tail first: an event that is settled between the two reads is then found in the warehouse, not lost.
      const pending = await pendingOf(message_id, source_id);
      const rows = await warehouse.query<EventWithFate>(sightings(message_id, source_id));
      const resolved = await resolutions(rows);
      const settled = rows
        .filter((row) => row.origin === 0)
        .map((row) => occurrence(row, resolved.get(row.position)));
      const known = new Set(settled.map((each) => each.position));
      const all = [...settled, ...pending.filter((each) => !known.has(each.position))];
      if (all.length === 0) {
        throw new AppError('not_found', {
          field: 'message_id',
          message:
            'No event with this message id was received. It may have been refused: look at the answer that the client got.',
        });
      }
      return all;
    },
  };

  async function resolutions(rows: readonly EventWithFate[]): Promise<Map<number, ResolutionRow>> {
    const positions = rows.filter((row) => row.fate === 'quarantined').map((row) => row.position);
    if (positions.length === 0) return new Map();
    const found = await warehouse.query<ResolutionRow>(resolutionsOf(positions));
    return new Map(found.map((row) => [row.origin, row]));
  }
}

export type FateService = ReturnType<typeof createFateService>;

function occurrence(row: EventWithFate, resolution: ResolutionRow | undefined): Occurrence {
  const fate =
    resolution === undefined ? row.fate : resolution.resolution === 'replayed' ? 'stored' : 'filtered';
  const received = {
    at: row.received_at,
    what:
      row.position >= IMPORT_BASE
        ? 'Imported in bulk'
        : `Received and written to the log at position ${row.position}`,
  };
  return {
    fate,
    source_id: row.source_id,
    position: row.position,
    received_at: row.received_at,
    reason: row.reason,
    detail: row.detail,
    path: row.path,
    of: row.of_position > 0 ? { message_id: row.message_id, position: row.of_position } : null,
    resolved: resolution
      ? { as: resolution.resolution, position: resolution.position, at: resolution.resolved_at }
      : null,
    steps: [received, ...settledSteps(row), ...resolvedSteps(resolution)],
  };
}

function settledSteps(row: EventWithFate): { at: string; what: string }[] {
  const at = row.received_at;
  const checked = row.plan === '' ? [] : [{ at, what: `Checked against the tracking plan ${row.plan}` }];
  switch (row.fate) {
    case 'stored':
      return [...checked, { at, what: 'Stored' }];
    case 'deduplicated':
      return [{ at, what: `Not stored again: the same message id stands at position ${row.of_position}` }];
    case 'filtered':
      return [{ at, what: `Filtered: ${row.detail || row.reason}` }];
    case 'quarantined':
      return [...checked, { at, what: `Put into quarantine: ${row.detail || row.reason}` }];
  }
}

function resolvedSteps(resolution: ResolutionRow | undefined): { at: string; what: string }[] {
  if (resolution === undefined) return [];
  const what =
    resolution.resolution === 'replayed'
      ? `Repaired, replayed and stored at position ${resolution.position}`
      : 'Discarded by a steward';
  return [{ at: resolution.resolved_at, what }];
}

const pendingOccurrence = (event: LoggedEvent, position: number): Occurrence => ({
  fate: 'pending',
  source_id: event.source_id,
  position,
  received_at: event.received_at,
  reason: '',
  detail: 'Safe in the log; its turn comes within a moment.',
  path: '',
  of: null,
  resolved: null,
  steps: [{ at: event.received_at, what: `Received and written to the log at position ${position}` }],
});
