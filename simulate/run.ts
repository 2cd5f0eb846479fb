/** One run through a market: everything that changes while time passes. The market itself never changes. */
import type { Rng } from '../src/kernel/rng.ts';
import { createRng } from '../src/kernel/rng.ts';
import { createStock, type Stock } from './catalogue.ts';
import { createUuids } from './draws.ts';
import { createFaults, type FaultLedger, type Push } from './faults.ts';
import { createIdentities, type Identities } from './identities.ts';
import { createLedger, type Ledger } from './ledger.ts';
import type { Market } from './market.ts';
import { createShelf, type Shelf } from './pages.ts';

export interface BotVisit {
  readonly anonymous_id: string;
  readonly kind: 'declared' | 'stealth';
  readonly user_agent: string;
  events: number;
}

export interface StoreTransaction {
  readonly transaction_id: string;
  readonly store_id: string;
  readonly region: number;
  readonly at_ms: number;
  readonly loyalty_id: string | null;
  readonly email: string | null;
  readonly total_cents: number;
  readonly pieces: number;
  readonly person: number;
}

export interface Run {
  readonly market: Market;
  readonly root: Rng;
  /** Nothing happens at or after this moment. */
  end_ms: number;
  /** Day of the history, from 0. */
  day: number;
  readonly identities: Identities;
  readonly stock: Stock;
  readonly shelf: Shelf;
  readonly ledger: Ledger;
  readonly faults: FaultLedger;
  readonly bots: BotVisit[];
  readonly store_transactions: StoreTransaction[];
  /** Message ids, of a stream of its own for each part. */
  readonly ids: {
    readonly visits: () => string;
    readonly letters: () => string;
    readonly bots: () => string;
  };
  next_order: number;
  /** True when the whole history has been written. */
  finished: boolean;
  /** Hands an event on its way; what goes wrong on the way goes wrong here. */
  deliver: Push;
  /** Where deliveries arrive. Replaced by whoever wants them. */
  arrive: Push;
}

/** A fresh run, before the first day. Pass one to `history` to read its truth afterwards. */
export function createRun(market: Market): Run {
  const root = createRng(market.seed);
  const push: Push = (received_ms, source, user_agent, ip, body) =>
    run.arrive(received_ms, source, user_agent, ip, body);
  const faults = createFaults(root, {
    plan: market.fault_plan,
    start_ms: market.start_ms,
    end_ms: market.end_ms,
    push,
  });
  const run: Run = {
    market,
    root,
    end_ms: market.end_ms,
    day: -1,
    identities: createIdentities(root, market.devices, market.people),
    stock: createStock(market.catalogue),
    shelf: createShelf(market.catalogue),
    ledger: createLedger(market.media, market.people.length),
    faults: faults.ledger,
    bots: [],
    store_transactions: [],
    ids: {
      visits: createUuids(root.fork('ids/visits')),
      letters: createUuids(root.fork('ids/letters')),
      bots: createUuids(root.fork('ids/bots')),
    },
    next_order: 100_000,
    finished: false,
    deliver: market.parts.faults ? faults.apply : push,
    arrive: () => {},
  };
  return run;
}
