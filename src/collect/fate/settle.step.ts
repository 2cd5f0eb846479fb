/** The first step of the pipeline: reads what is known, settles the batch, and says what to write. */
import { DAY_MS } from '../../kernel/clock.ts';
import type { Changes, OnlineStore, Put } from '../../stores/online/port.ts';
import { type FirstSeen, type LogRecord, messageKey, quarantineKey, type Settled, settle } from './settle.ts';

export interface SettleStep {
  run(records: readonly LogRecord[]): Promise<{ readonly settled: Settled; readonly online: Changes }>;
}

/** `window_ms`: how long a message id of a source is remembered, exactly (7 days by default). */
export function createSettleStep(online: OnlineStore, window_ms: number): SettleStep {
  return {
    async run(records) {
      const message_keys = new Set<string>();
      const origins = new Set<number>();
      for (const { event } of records) {
        if (event.kind === 'event') message_keys.add(messageKey(event.source_id, event.message_id));
        else origins.add(event.origin);
      }
      const keys = [...message_keys];
      const origin_list = [...origins];
      const found = await online.getMany<FirstSeen | 1>([...keys, ...origin_list.map(quarantineKey)]);
      const seen = new Map<string, FirstSeen>();
      keys.forEach((key, i) => {
        const value = found[i];
        if (Array.isArray(value)) seen.set(key, value as unknown as FirstSeen);
      });
      const open = new Set(origin_list.filter((_, i) => found[keys.length + i] !== undefined));
      const settled = settle(records, { seen, open }, window_ms);
      return { settled, online: toChanges(settled, window_ms) };
    },
  };
}

function toChanges(settled: Settled, window_ms: number): Changes {
  const put: Put[] = [];
  for (const [key, first] of settled.seen) {
    // A day of slack: the window is judged by received_at, the store expires by its own clock.
    put.push({ key, value: first, expires_at_ms: first[1] + window_ms + DAY_MS });
  }
  for (const position of settled.opened) {
    if (!settled.closed.has(position)) put.push({ key: quarantineKey(position), value: 1 });
  }
  const add = [...settled.received].map(([key, by]) => ({ key, by }));
  return { put, add, remove: [...settled.closed].map(quarantineKey) };
}
