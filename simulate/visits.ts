/** Who visits on a day: people who would have come anyway, and people whom a channel brought. */
import { DAY_MS, HOUR_MS } from '../src/kernel/clock.ts';
import { createRng, type Rng } from '../src/kernel/rng.ts';
import { drawTimeOfDay, seasonality } from './calendar.ts';
import { cell } from './cell.ts';
import { CHANNELS, channelIndex } from './channels.ts';
import { pick, poisson } from './draws.ts';
import { adLanding, type Depth, type Visit, walkVisit } from './funnel.ts';
import type { Person } from './people.ts';
import { REGIONS } from './regions.ts';
import type { Run } from './run.ts';
import type { Landing } from './session.ts';

/** Share of the visits nobody caused that end in an order. */
export const BASE_CONVERSION = 0.062;
const DIRECT_WEIGHT = 0.34;
const ORGANIC_WEIGHT = 0.28;
const ORGANIC_REFERRERS = [
  'https://www.google.com/',
  'https://www.bing.com/',
  'https://duckduckgo.com/',
  'https://www.instagram.com/',
];
const EMAIL = channelIndex('email');

export const isAlive = (person: Person, day: number): boolean =>
  person.join_day <= day && (person.churn_day === null || day < person.churn_day);

/** Writes all visits of `run.day`, in the order of their start. */
export function visitDay(run: Run): void {
  const { market, day } = run;
  const alive: Person[][] = REGIONS.map(() => []);
  for (const person of market.people) {
    if (isAlive(person, day)) cell(alive, person.region).push(person);
  }
  const visits: Visit[] = [];
  baseVisits(run, alive, visits);
  CHANNELS.forEach((_, channel) => {
    causedVisits(run, channel, alive, visits);
  });
  visits.sort((a, b) => a.start_ms - b.start_ms || a.person.index - b.person.index);
  for (const visit of visits) walkVisit(run, visit);
}

function baseVisits(run: Run, alive: readonly Person[][], visits: Visit[]): void {
  const { market, day } = run;
  const rng = run.root.fork(`visits/base/${day}`);
  const season = seasonality(market.start_ms + day * DAY_MS);
  alive.forEach((people, region) => {
    const weights = captureWeights(run, region);
    for (const person of people) {
      for (let n = poisson(rng, person.visit_rate * season); n > 0; n--) {
        const landing = baseLanding(rng, run, person, weights);
        pushVisit(run, visits, rng, { person, landing, caused_by: -1, conversion: BASE_CONVERSION });
      }
    }
  });
}

/** Weight of each channel among the ways in; none where nothing is spent. */
function captureWeights(run: Run, region: number): number[] {
  const { media, heads } = run.market;
  const day = Math.min(run.day, media.days - 1);
  return CHANNELS.map((ch, c) => {
    const usual = (ch.spend_per_1000 * cell(heads, region)) / 1000;
    return usual === 0
      ? 0
      : ch.capture * Math.min(1.5, cell(media.spend, media.cell(c, region, day)) / usual);
  });
}

function baseLanding(rng: Rng, run: Run, person: Person, weights: readonly number[]): Landing {
  let u = rng.next() * (DIRECT_WEIGHT + ORGANIC_WEIGHT + weights.reduce((a, b) => a + b, 0));
  for (let c = 0; c < weights.length; c++) {
    u -= cell(weights, c);
    if (u >= 0) continue;
    if (c === EMAIL && !readsLetters(run, person)) break;
    return adLanding(rng, c);
  }
  if (u < 0 || u < DIRECT_WEIGHT) return { channel: -1, referrer: '', campaign: null };
  return { channel: -1, referrer: pick(rng, ORGANIC_REFERRERS), campaign: null };
}

const readsLetters = (run: Run, person: Person): boolean =>
  person.newsletter && run.identities.hasAccount(person.index);

/** Visits that a channel causes: as many as its expected orders need at its rate of conversion. */
function causedVisits(run: Run, channel: number, alive: readonly Person[][], visits: Visit[]): void {
  const { media } = run.market;
  const rng = run.root.fork(`visits/${cell(CHANNELS, channel).channel}/${run.day}`);
  const { conversion } = cell(CHANNELS, channel);
  alive.forEach((people, region) => {
    const mean = cell(media.expected_orders, media.cell(channel, region, run.day)) / conversion;
    const count = poisson(rng, mean);
    for (let n = 0; n < count; n++) {
      const person = drawReached(rng, run, channel, people);
      if (person === undefined) return;
      pushVisit(run, visits, rng, {
        person,
        landing: adLanding(rng, channel),
        caused_by: channel,
        conversion,
      });
    }
  });
}

/** Letters reach their subscribers only; the other channels anyone. Undefined where hardly anyone subscribes. */
function drawReached(rng: Rng, run: Run, channel: number, people: readonly Person[]): Person | undefined {
  for (let tries = 0; tries < 200 && people.length > 0; tries++) {
    const person = pick(rng, people);
    if (channel !== EMAIL || readsLetters(run, person)) return person;
  }
  return undefined;
}

function pushVisit(
  run: Run,
  visits: Visit[],
  rng: Rng,
  {
    person,
    landing,
    caused_by,
    conversion,
  }: { person: Person; landing: Landing; caused_by: number; conversion: number },
): void {
  const { market, day } = run;
  const region = cell(REGIONS, person.region);
  const time_ms = drawTimeOfDay(rng, region.utc_offset_min);
  // The last visit of the history ends inside it.
  const latest_ms = market.end_ms - 3 * HOUR_MS;
  const start_ms = Math.min(market.start_ms + day * DAY_MS + time_ms, latest_ms + (time_ms % HOUR_MS));
  visits.push({ ...drawVisit(rng, run, person, landing, conversion), caused_by, start_ms });
}

/** Device and depth of a visit; it plays on a stream of its own. */
export function drawVisit(
  rng: Rng,
  run: Run,
  person: Person,
  landing: Landing,
  conversion: number,
): Omit<Visit, 'start_ms' | 'caused_by'> {
  const { devices } = run.market;
  // Links in ads open a browser, never the app.
  const usable =
    landing.channel < 0 ? person.devices : person.devices.filter((d) => cell(devices, d).kind !== 'app');
  const device = cell(devices, pick(rng, usable));
  return { person, device, landing, depth: drawDepth(rng, conversion), rng: createRng(rng.int(4294967296)) };
}

function drawDepth(rng: Rng, conversion: number): Depth {
  const u = rng.next();
  if (u < conversion) return 'order';
  const v = (u - conversion) / (1 - conversion);
  return v < 0.06 ? 'checkout' : v < 0.18 ? 'cart' : v < 0.5 ? 'bounce' : 'browse';
}

/** A visit of someone who is still a customer at the end of the history: for traffic that goes on from there. */
export function drawOngoingVisit(rng: Rng, run: Run, start_ms: number): Visit {
  const { people, media } = run.market;
  let person = pick(rng, people);
  for (let tries = 0; tries < 100 && !isAlive(person, media.days - 1); tries++) person = pick(rng, people);
  const landing = baseLanding(rng, run, person, captureWeights(run, person.region));
  return { ...drawVisit(rng, run, person, landing, BASE_CONVERSION), caused_by: -1, start_ms };
}
