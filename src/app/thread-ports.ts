/** The ports of one thread, as seen from the other. */
import type { EventLog, LogSlice, Position } from '../stores/log/port.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { Link, Targets } from './thread-link.ts';

export const remoteWarehouse = (link: Link, close: () => Promise<void>): Warehouse => ({
  query: (query, options) => link.call('warehouse', 'query', query, options),
  insert: (into, lines, options) => link.call('warehouse', 'insert', into, lines, options),
  execute: (statement) => link.call('warehouse', 'execute', statement),
  ping: () => link.call('warehouse', 'ping'),
  close,
});

export const remoteOnlineStore = (link: Link, close: () => Promise<void>): OnlineStore => ({
  get: (key) => link.call('online', 'get', key),
  getMany: (keys) => link.call('online', 'getMany', keys),
  commit: (changes) => link.call('online', 'commit', changes),
  scan: (prefix, options) => link.call('online', 'scan', prefix, options),
  sweep: (limit) => link.call('online', 'sweep', limit),
  ping: () => link.call('online', 'ping'),
  close,
});

export const storeTargets = (warehouse: Warehouse, online: OnlineStore): Targets => ({
  warehouse: {
    query: warehouse.query,
    insert: warehouse.insert,
    execute: warehouse.execute,
    ping: warehouse.ping,
  },
  online: {
    get: online.get,
    getMany: online.getMany,
    commit: online.commit,
    scan: online.scan,
    sweep: online.sweep,
    ping: online.ping,
  },
});

/** The part of the log that a consumer needs; `marks` tells where it ends and starts without a call. */
export type LogReader = Pick<EventLog, 'read' | 'waitPast' | 'end' | 'start'>;
/** For events of its own, a consumer also appends. */
export type ConsumerLog = LogReader & Pick<EventLog, 'append'>;

export const remoteLog = (link: Link, marks: { end(): Position; start(): Position }): ConsumerLog => ({
  ...marks,
  append: (lines) => link.call<Position>('log', 'append', lines),
  read: (from, options) => link.call<LogSlice>('log', 'read', from, options),
  waitPast(position, signal) {
    if (signal.aborted || marks.end() > position) return Promise.resolve();
    // The abort is ours alone: the other side's wait ends with the next record.
    return Promise.race([
      link.call<void>('log', 'waitPast', position),
      new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true })),
    ]);
  },
});

const NEVER = new AbortController().signal;

export const logTargets = (log: EventLog, append: EventLog['append']): Targets => ({
  log: {
    append,
    read: log.read,
    waitPast: (position: Position) => log.waitPast(position, NEVER),
  },
});
