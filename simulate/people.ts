/**
 * The people of the market and their devices: who they are, where they live, when they come and when they stop coming.
 * Mail addresses end in `.example` and reach nobody.
 */
import type { Rng } from '../src/kernel/rng.ts';
import { cell } from './cell.ts';
import { CONSENT_RATES, drawConsent, type PersonConsent } from './consent.ts';
import { cumulative, drawUuid, exponential, logNormal, pick, pickIndex } from './draws.ts';
import { FAMILY_NAMES, GIVEN_NAMES, plainName } from './names.ts';
import { REGIONS, type Region } from './regions.ts';
import { APP_MODELS, appAgent, DESKTOP_AGENTS, forgets, PHONE_AGENTS } from './user-agents.ts';

export interface Person {
  readonly index: number;
  readonly person_id: string;
  /** The shop's account id: on events only after a sign-in. */
  readonly user_id: string;
  readonly region: number;
  readonly given_name: string;
  readonly family_name: string;
  readonly email: string;
  readonly phone: string;
  readonly city: string;
  readonly postcode: string;
  readonly birth_date: string;
  /** First and last day of life as a customer, in days of the history; the first may be negative. */
  readonly join_day: number;
  /** From this day on the person never returns; null when the person stays. */
  readonly churn_day: number | null;
  /** The first visit on or after this day makes an account; negative: has one already; null: never. */
  readonly sign_up_day: number | null;
  readonly loyalty_id: string | null;
  /** Mean visits a day that no channel causes. */
  readonly visit_rate: number;
  /** Mean store purchases a day. */
  readonly store_rate: number;
  readonly favourite_category: number;
  readonly newsletter: boolean;
  readonly consent: PersonConsent;
  readonly devices: readonly number[];
}

export interface Device {
  readonly index: number;
  readonly device_id: string;
  readonly kind: 'desktop' | 'phone' | 'app';
  readonly source: 'shop-web' | 'shop-app';
  readonly user_agent: string;
  readonly model: string;
  readonly os: string;
  readonly ip: string;
  /** More than one: a device that a household shares. */
  readonly owners: readonly number[];
  /** How far the device's clock is ahead. Most are right. */
  readonly clock_skew_ms: number;
  /** Browser storage is emptied after seven days without a visit. */
  readonly forgets: boolean;
}

const MAIL_HOSTS = ['mail.example', 'inbox.example', 'post.example', 'letters.example'];
const HOUSEHOLD_SHARE = 0.12;
const EXISTING_SHARE = 0.68;
const CHURN_SHARE = 0.45;
const CHURN_MEAN_DAYS = 75;

interface DraftDevice extends Omit<Device, 'owners'> {
  readonly owners: number[];
}

/** `people` persons and their devices. `categories`: how many categories the catalogue has. */
export function createPeople(
  root: Rng,
  { people, days, categories }: { people: number; days: number; categories: number },
): { people: Person[]; devices: Device[] } {
  const rng = root.fork('people');
  const consent_rng = root.fork('consent');
  const region_sums = cumulative(REGIONS.map((region) => region.share));
  const list: Person[] = [];
  const devices: DraftDevice[] = [];
  for (let index = 0; index < people; index++) {
    const previous = list.at(-1);
    const shares = previous !== undefined && rng.next() < HOUSEHOLD_SHARE;
    const region_index = shares ? previous.region : pickIndex(rng, region_sums);
    const region = cell(REGIONS, region_index);
    const ip = shares ? cell(devices, cell(previous.devices, 0)).ip : drawIp(rng, region);
    const own = drawDevices(rng, ip, index, devices);
    const family = shares ? previous.devices.find((d) => cell(devices, d).kind === 'desktop') : undefined;
    if (family !== undefined) {
      cell(devices, family).owners.push(index);
      own.push(family);
    }
    const consent = drawConsent(consent_rng, region, days);
    const newsletter = consent_rng.next() < CONSENT_RATES[region.consent_regime].newsletter;
    const person = drawPerson(rng, {
      index,
      region,
      region_index,
      days,
      categories,
      family: shares ? previous.family_name : null,
    });
    const same_home = shares ? { city: previous.city, postcode: previous.postcode } : {};
    list.push({ ...person, ...same_home, newsletter, consent, devices: own });
  }
  return { people: list, devices };
}

function drawPerson(
  rng: Rng,
  at: {
    index: number;
    region: Region;
    region_index: number;
    days: number;
    categories: number;
    family: string | null;
  },
): Omit<Person, 'newsletter' | 'consent' | 'devices'> {
  const { index, region, days } = at;
  const given_name = pick(rng, GIVEN_NAMES[region.tongue]);
  const family_name = at.family ?? pick(rng, FAMILY_NAMES[region.tongue]);
  const [city, postcode] = pick(rng, region.cities);
  const join_day = rng.next() < EXISTING_SHARE ? -1 - rng.int(500) : rng.int(days);
  const churn_after = Math.floor(exponential(rng, CHURN_MEAN_DAYS));
  const churn_day = rng.next() < CHURN_SHARE ? Math.max(0, join_day) + 1 + churn_after : null;
  const signs_up = rng.next() < 0.62;
  const sign_up_delay = Math.floor(exponential(rng, 9));
  const had_account = join_day < 0 && rng.next() < 0.7;
  const goes_to_stores = rng.next() < 0.3;
  const loyal = goes_to_stores && rng.next() < 0.66;
  const visit_rate = logNormal(rng, -3.22, 0.9);
  return {
    index,
    person_id: `person-${String(index).padStart(6, '0')}`,
    user_id: `u_${(index * 7919 + 100003).toString(36)}`,
    region: at.region_index,
    given_name,
    family_name,
    email: drawEmail(rng, given_name, family_name, index),
    phone: drawPhone(rng, region),
    city,
    postcode,
    birth_date: `${1946 + rng.int(60)}-${pad2(1 + rng.int(12))}-${pad2(1 + rng.int(28))}`,
    join_day,
    churn_day,
    sign_up_day: signs_up ? (had_account ? join_day : Math.max(0, join_day) + sign_up_delay) : null,
    loyalty_id: loyal ? `L${String(20000000 + index * 37)}` : null,
    visit_rate: Math.min(1.5, visit_rate),
    store_rate: goes_to_stores ? 0.008 + 0.02 * rng.next() : 0,
    favourite_category: rng.int(at.categories),
  };
}

const pad2 = (n: number) => String(n).padStart(2, '0');

function drawEmail(rng: Rng, given_name: string, family_name: string, index: number): string {
  const given = plainName(given_name);
  const family = plainName(family_name);
  const form = rng.int(4);
  const host = pick(rng, MAIL_HOSTS);
  // The index keeps addresses apart without looking like a counter.
  const mark = ((index * 2654435761) >>> 0).toString(36).slice(0, 5);
  if (form === 0) return `${given}.${family}.${mark}@${host}`;
  if (form === 1) return `${given.slice(0, 1)}${family}${mark}@${host}`;
  if (form === 2) return `${given}${mark}@${host}`;
  return `${family}.${given}-${mark}@${host}`;
}

function drawPhone(rng: Rng, region: Region): string {
  const [prefix, digits] = region.phone;
  let number = String(2 + rng.int(8));
  while (number.length < digits) number += String(rng.int(10));
  return prefix + number;
}

const drawIp = (rng: Rng, region: Region): string =>
  `${pick(rng, region.octets)}.${rng.int(256)}.${rng.int(256)}.${1 + rng.int(254)}`;

/** One to three devices, pushed to `devices`; their indexes. */
function drawDevices(rng: Rng, ip: string, owner: number, devices: DraftDevice[]): number[] {
  const u = rng.next();
  const kinds: Device['kind'][] =
    u < 0.28
      ? ['desktop']
      : u < 0.5
        ? ['phone']
        : u < 0.78
          ? ['phone', 'desktop']
          : u < 0.9
            ? ['app', 'desktop']
            : ['app', 'phone', 'desktop'];
  return kinds.map((kind) => {
    const [model, platform, version] = pick(rng, APP_MODELS);
    const browser = pick(rng, kind === 'desktop' ? DESKTOP_AGENTS : PHONE_AGENTS);
    const user_agent = kind === 'app' ? appAgent(platform, model, version) : browser;
    const skewed = rng.next() < 0.02;
    const skew_ms = Math.round((rng.next() - 0.4) * 3 * 3_600_000);
    const index = devices.length;
    devices.push({
      index,
      device_id: drawUuid(rng),
      kind,
      source: kind === 'app' ? 'shop-app' : 'shop-web',
      user_agent,
      model: kind === 'app' ? model : '',
      os: kind === 'app' ? `${platform} ${version}` : '',
      ip,
      owners: [owner],
      clock_skew_ms: skewed ? skew_ms : 0,
      forgets: kind !== 'app' && forgets(user_agent),
    });
    return index;
  });
}
