/** Robots that run the shop's script: some say what they are, some hide behind a browser's name in a data centre. */
import { DAY_MS } from '../src/kernel/clock.ts';
import type { Rng } from '../src/kernel/rng.ts';
import { cell } from './cell.ts';
import { drawUuid, pick, poisson } from './draws.ts';
import { isoOf } from './iso-time.ts';
import type { BotVisit, Run } from './run.ts';
import { CRAWLER_AGENTS, DESKTOP_AGENTS } from './user-agents.ts';
import type { WireEvent } from './wire-event.ts';

const VISITS_PER_1000_PEOPLE = 0.5;
const STEALTH_SHARE = 0.4;
/** Ranges of large clouds. */
const DATA_CENTRES = ['3.80', '18.208', '34.64', '35.184', '52.20', '20.42'];
const LIBRARY = { name: 'analytics.js', version: 'next-1.84.3' };

export function botDay(run: Run): void {
  const { market, day } = run;
  const rng = run.root.fork(`bots/${day}`);
  const count = 1 + poisson(rng, (VISITS_PER_1000_PEOPLE * market.people.length) / 1000);
  for (let n = 0; n < count; n++) {
    botVisit(run, rng, market.start_ms + day * DAY_MS + rng.int(DAY_MS - 600_000));
  }
}

/** A crawl through product pages, faster than a person reads. */
export function botVisit(run: Run, rng: Rng, start_ms: number): void {
  const stealth = rng.next() < STEALTH_SHARE;
  const bot: BotVisit = {
    anonymous_id: drawUuid(rng),
    kind: stealth ? 'stealth' : 'declared',
    user_agent: pick(rng, stealth ? DESKTOP_AGENTS : CRAWLER_AGENTS),
    events: 0,
  };
  const ip = `${pick(rng, DATA_CENTRES)}.${rng.int(256)}.${1 + rng.int(254)}`;
  run.bots.push(bot);
  let now_ms = start_ms;
  for (let left = 10 + rng.int(30); left > 0; left--) {
    const product = rng.int(run.market.catalogue.products.length);
    const page = cell(run.shelf.pages, product);
    botSays(
      run,
      rng,
      bot,
      ip,
      now_ms,
      { type: 'page', name: 'Product', event: undefined, properties: { ...page } },
      page,
    );
    botSays(
      run,
      rng,
      bot,
      ip,
      now_ms + 40,
      { type: 'track', name: undefined, event: 'Product Viewed', properties: cell(run.shelf.views, product) },
      page,
    );
    now_ms += 300 + rng.int(1_500);
  }
}

function botSays(
  run: Run,
  rng: Rng,
  bot: BotVisit,
  ip: string,
  at_ms: number,
  said: Pick<WireEvent, 'type' | 'event' | 'name' | 'properties'>,
  page: object,
): void {
  bot.events++;
  run.deliver(at_ms + 20 + rng.int(60), 'shop-web', bot.user_agent, ip, {
    type: said.type,
    event: said.event,
    name: said.name,
    messageId: `ajs-next-${at_ms}-${run.ids.bots()}`,
    userId: undefined,
    anonymousId: bot.anonymous_id,
    timestamp: isoOf(at_ms),
    sentAt: isoOf(at_ms + 5),
    properties: said.properties,
    traits: undefined,
    context: { library: LIBRARY, page, userAgent: bot.user_agent, locale: 'en-US', timezone: 'UTC', ip },
    integrations: {},
  });
}
