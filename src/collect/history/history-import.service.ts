/**
 * Bulk door for history: events that were collected elsewhere go straight to the warehouse, in chunks, beside the log.
 * The same checks decide; what does not pass is appended to the log and takes the ordinary way to quarantine.
 *
 * Resumable: a chunk's rows carry an insert token, and its counters, watermark and number are committed together
 * afterwards. A chunk that was cut off runs again and changes nothing twice.
 */
import { AppError } from '../../kernel/errors.ts';
import type { EventLog } from '../../stores/log/port.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { DISCARDED, EVENTS, IMPORT_BASE, IMPORTED_KEY, type LoggedEvent } from '../contract.ts';
import { hourOf, receivedKey } from '../fate/settle.ts';

export interface HistoryChunk {
  /** Events as the collector would log them, in order of receipt. The same chunk number always holds the same events. */
  readonly events: readonly LoggedEvent[];
}

interface ImportState {
  /** Chunks that are done. */
  readonly chunks: number;
  /** Where the next chunk's rows start. */
  readonly watermark: number;
}

const INSERT_ROWS = 20_000;
const DEDUP_CHUNKS = 8;

export function createHistoryImport(deps: {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly log: EventLog;
}) {
  const { warehouse, online, log } = deps;
  let busy = false;

  async function importChunk(
    name: string,
    state: ImportState,
    chunk: HistoryChunk,
    recent: readonly Set<string>[],
  ): Promise<ImportState> {
    const rows = settleChunk(chunk.events, state.watermark, recent);
    const token = `import-${name}-${state.chunks}`;
    await insertAll(EVENTS, rows.stored, `${token}-events`);
    await insertAll(DISCARDED, rows.repeated, `${token}-discarded`);
    const watermark = state.watermark + rows.stored.length + rows.repeated.length;
    // Set aside before the chunk is marked done: cut off in between, the log's own deduplication drops the second copy.
    if (rows.refused.length > 0) await log.append(rows.refused.map((event) => JSON.stringify(event)));
    const next = { chunks: state.chunks + 1, watermark };
    await online.commit({
      put: [
        { key: `import:${name}`, value: next },
        { key: IMPORTED_KEY, value: watermark },
      ],
      add: [...rows.received].map(([key, by]) => ({ key, by })),
    });
    return next;
  }

  async function insertAll(table: typeof EVENTS, lines: readonly string[], token: string): Promise<void> {
    for (let at = 0; at < lines.length; at += INSERT_ROWS) {
      await warehouse.insert(table, lines.slice(at, at + INSERT_ROWS), { token: `${token}-${at}` });
    }
  }

  return {
    /** Chunks of this import that are done: 0 when it never ran. */
    done: async (name: string): Promise<number> =>
      (await online.get<ImportState>(`import:${name}`))?.chunks ?? 0,

    /**
     * Imports the chunks from the first one not yet done. `repeats` within the last eight chunks are recognised by
     * source and message id. Calls `progress` after each with the number done and the events in it.
     */
    async run(
      name: string,
      chunks: AsyncIterable<HistoryChunk>,
      progress: (done: number, events: number) => void,
    ): Promise<void> {
      if (busy) throw new AppError('conflict', { message: 'Another import is running: wait for it to end.' });
      busy = true;
      try {
        const watermark = (await online.get<number>(IMPORTED_KEY)) ?? IMPORT_BASE;
        let state = (await online.get<ImportState>(`import:${name}`)) ?? { chunks: 0, watermark };
        const recent: Set<string>[] = [];
        let number = 0;
        for await (const chunk of chunks) {
          const seen = new Set(chunk.events.map((event) => `${event.source_id}:${event.message_id}`));
          if (number >= state.chunks) {
            state = await importChunk(
              name,
              { ...state, watermark: Math.max(state.watermark, watermark) },
              chunk,
              recent,
            );
            progress(state.chunks, chunk.events.length);
          }
          recent.push(seen);
          if (recent.length > DEDUP_CHUNKS) recent.shift();
          number += 1;
        }
      } finally {
        busy = false;
      }
    },
  };
}

export type HistoryImport = ReturnType<typeof createHistoryImport>;

function settleChunk(events: readonly LoggedEvent[], watermark: number, recent: readonly Set<string>[]) {
  const stored: string[] = [];
  const repeated: string[] = [];
  const refused: LoggedEvent[] = [];
  const received = new Map<string, number>();
  const here = new Map<string, number>();
  let position = watermark;
  for (const event of events) {
    if (event.verdict !== 'accepted') {
      refused.push(event);
      continue;
    }
    const counter = receivedKey(hourOf(event.received_at), event.source_id);
    received.set(counter, (received.get(counter) ?? 0) + 1);
    const key = `${event.source_id}:${event.message_id}`;
    const first = here.get(key);
    if (first === undefined && !recent.some((set) => set.has(key))) {
      here.set(key, position);
      stored.push(JSON.stringify({ position: position++, ...event }));
      continue;
    }
    repeated.push(
      JSON.stringify({
        position: position++,
        source_id: event.source_id,
        message_id: event.message_id,
        type: event.type,
        event: event.event,
        received_at: event.received_at,
        fate: 'deduplicated',
        reason: 'message_id_seen',
        detail: 'The same source sent this message id before.',
        of_position: first ?? 0,
      }),
    );
  }
  return { stored, repeated, refused, received };
}
