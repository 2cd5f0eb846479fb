/** Opens the four stores and closes them in order; a store that does not open closes those that did. */
import { mkdirSync } from 'node:fs';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { openControlDb } from '../stores/control/open.ts';
import type { ControlDb } from '../stores/control/port.ts';
import { openEventLog } from '../stores/log/open.ts';
import type { EventLog } from '../stores/log/port.ts';
import { openOnlineStore } from '../stores/online/open.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import { openWarehouse } from '../stores/warehouse/open.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { Config } from './config.ts';
import { type Engine, openEngine } from './engine.ts';

export interface Stores {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly control: ControlDb;
  readonly log: EventLog;
  /** Set when warehouse, online store and pipeline have a thread of their own. */
  readonly engine?: Engine;
  close(): Promise<void>;
}

interface Deps {
  readonly clock: Clock;
  readonly logger: Logger;
}

/** `threaded`: warehouse and online store on a thread of their own, with the pipeline. */
export async function openStores(
  config: Config,
  deps: Deps & { readonly threaded: boolean },
): Promise<Stores> {
  mkdirSync(config.data_dir, { recursive: true, mode: 0o700 });
  const open: { close(): Promise<void> }[] = [];
  const opened = async <T extends { close(): Promise<void> }>(store: Promise<T>): Promise<T> => {
    const ready = await store;
    open.push(ready);
    return ready;
  };
  const close = async () => {
    for (const store of open.splice(0).reverse()) await store.close();
  };
  try {
    const log = await opened(openEventLog(config.log_url, deps));
    const control = await opened(openControlDb(config.control_url, deps));
    if (deps.threaded) {
      const engine = await opened(openEngine(config, log, deps.logger));
      const { warehouse, online } = engine;
      return { warehouse, online, control, log: engine.log, engine, close };
    }
    const warehouse = await opened(openWarehouse(config.warehouse_url, deps));
    const online = await opened(openOnlineStore(config.online_url, deps));
    return { warehouse, online, control, log, close };
  } catch (error) {
    await close();
    throw error;
  }
}
