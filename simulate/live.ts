/**
 * Live traffic: several visitors of the same market at a time, walking on from where the history ends, sent through the
 * unmodified client `@segment/analytics-node`. Events happen now, one step of one visitor after the other.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Analytics } from '@segment/analytics-node';
import { Analytics as AnalyticsClient } from '@segment/analytics-node';
import { DAY_MS, HOUR_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { botVisit } from './bots.ts';
import { cell } from './cell.ts';
import { walkVisit } from './funnel.ts';
import { breakLive, createMischief, type LiveFault, type Mischief } from './live-faults.ts';
import type { Market } from './market.ts';
import { playedRun } from './market-files.ts';
import type { Run } from './run.ts';
import { drawOngoingVisit } from './visits.ts';
import type { SourceName, WireEvent } from './wire-event.ts';

export interface LiveOptions {
  readonly market: Market;
  /** The run whose history was sent; without one the history is played first, which takes seconds. */
  readonly run?: Run | undefined;
  /** `http://127.0.0.1:4000` */
  readonly host: string;
  /** `web` carries what browsers and the app say, `server` what the shop's server says. */
  readonly write_keys: { readonly web: string; readonly server: string };
  readonly events_per_s: number;
  /** Walking at the same time; 12 when not said. */
  readonly visitors?: number;
  /** Share of events that go wrong: broken, late or sent twice; 0.03 when not said. */
  readonly fault_share?: number;
  /** Share of visitors who are robots; 0.04 when not said. */
  readonly bot_share?: number;
  readonly signal: AbortSignal;
  readonly now?: () => number;
}

export interface LiveCounters {
  /** Handed to the client, repeats included. */
  sent: number;
  /** Answered with success; and given up by the client. */
  delivered: number;
  failed: number;
  visits: number;
  bots: number;
  orders: number;
  readonly faults: Record<LiveFault, number>;
}

export interface Live {
  readonly counters: LiveCounters;
  /** Resolves when the signal was aborted and the client has flushed. */
  readonly done: Promise<LiveCounters>;
}

interface Step {
  readonly source: SourceName;
  readonly body: WireEvent;
}

const TICK_MS = 100;
/** The client keeps what is unanswered in memory: beyond this the visitors wait. */
const MAX_UNANSWERED = 2_000;

export function startLive(options: LiveOptions): Live {
  const counters: LiveCounters = {
    sent: 0,
    delivered: 0,
    failed: 0,
    visits: 0,
    bots: 0,
    orders: 0,
    faults: {
      duplicate: 0,
      late: 0,
      price_as_text: 0,
      negative_quantity: 0,
      missing_order_id: 0,
      bad_timestamp: 0,
      missing_event_name: 0,
    },
  };
  return { counters, done: walk(options, counters) };
}

async function walk(options: LiveOptions, counters: LiveCounters): Promise<LiveCounters> {
  const { market, host, write_keys, signal, now = Date.now, visitors = 12, fault_share = 0.03 } = options;
  const run = options.run?.finished ? options.run : await playedRun(market);
  goOn(run, now());
  const rng = run.root.fork(`live/${now()}`);
  const mischief = createMischief(rng.fork('faults'), fault_share);
  const clients = [write_keys.web, write_keys.server].map((writeKey) =>
    new AnalyticsClient({ writeKey, host, flushInterval: 1_000 }).on('error', () => {}),
  ) as [Analytics, Analytics];
  const walking: Step[][] = Array.from({ length: visitors }, () => []);
  let owed = 0;
  let last_ms = now();
  while (!signal.aborted) {
    await sleep(TICK_MS, undefined, { signal }).catch(() => {});
    owed += (Math.min(now() - last_ms, 1_000) / 1000) * options.events_per_s;
    last_ms = now();
    for (; owed >= 1 && counters.sent - counters.delivered - counters.failed < MAX_UNANSWERED; owed--) {
      const script = cell(walking, rng.int(visitors));
      if (script.length === 0) script.push(...nextVisit(run, rng, options, counters));
      const step = script.shift();
      if (step !== undefined) send(step, { clients, mischief, counters, now_ms: now() });
    }
    owed = Math.min(owed, options.events_per_s);
  }
  await Promise.all(clients.map((client) => client.closeAndFlush({ timeout: 2_000 })));
  return counters;
}

/** Turns a finished run into one that has no end. */
function goOn(run: Run, now_ms: number): void {
  run.end_ms = Number.POSITIVE_INFINITY;
  // Order numbers never meet those of the history or of an earlier start.
  run.next_order = Math.floor(now_ms / 1000);
}

/** All steps of a new visitor, in order; what would follow days later is left out. */
function nextVisit(
  run: Run,
  rng: Rng,
  { bot_share = 0.04, now = Date.now }: LiveOptions,
  counters: LiveCounters,
): Step[] {
  const start_ms = now();
  const day = Math.max(run.market.days, Math.floor((start_ms - run.market.start_ms) / DAY_MS));
  if (day !== run.day) {
    run.day = day;
    run.stock.restock(day);
    run.shelf.setDay(day);
  }
  const steps: Step[] = [];
  run.deliver = (received_ms, source, _user_agent, _ip, body) => {
    if (received_ms < start_ms + 3 * HOUR_MS) steps.push({ source, body });
  };
  const bot = rng.next() < bot_share;
  if (bot) {
    botVisit(run, rng, start_ms);
    counters.bots++;
  } else {
    walkVisit(run, drawOngoingVisit(rng, run, start_ms));
    counters.visits++;
  }
  return steps;
}

function send(
  { source, body }: Step,
  {
    clients,
    mischief,
    counters,
    now_ms,
  }: { clients: readonly [Analytics, Analytics]; mischief: Mischief; counters: LiveCounters; now_ms: number },
): void {
  const client = source === 'shop-server' || source === 'shop-stores' ? clients[1] : clients[0];
  if (body.event === 'Order Completed') counters.orders++;
  const { event, fault, times } = breakLive(mischief, body, now_ms);
  if (fault !== null) counters.faults[fault]++;
  for (let n = 0; n < times; n++) {
    counters.sent++;
    speak(client, event, (failed) => {
      if (failed) counters.failed++;
      else counters.delivered++;
    });
  }
}

/** One call of the client. It writes into what it is given, so it gets a copy. */
function speak(client: Analytics, body: WireEvent, answered: (failed: boolean) => void): void {
  const { context, properties, traits } = structuredClone({
    context: body.context,
    properties: body.properties,
    traits: body.traits,
  });
  const { userId, anonymousId = '' } = body;
  const event = {
    ...(userId === undefined ? { anonymousId } : { userId, anonymousId: body.anonymousId }),
    timestamp: body.timestamp,
    messageId: body.messageId,
    context,
    integrations: {},
  };
  const callback = (error?: unknown) => answered(error !== undefined);
  if (body.type === 'identify') client.identify({ ...event, traits }, callback);
  else if (body.type === 'page') client.page({ ...event, name: body.name, properties }, callback);
  else if (body.type === 'screen') client.screen({ ...event, name: body.name, properties }, callback);
  else client.track({ ...event, event: body.event ?? '', properties }, callback);
}
