/** The voice of one visit: builds the events that a device and the shop's server send while it lasts. */
import type { Rng } from '../src/kernel/rng.ts';
import { cell } from './cell.ts';
import { consentOn } from './consent.ts';
import { isoOf } from './iso-time.ts';
import type { Page, Props } from './pages.ts';
import type { Device, Person } from './people.ts';
import { REGIONS, type Region } from './regions.ts';
import type { Run } from './run.ts';
import { SERVER_AGENT, SERVER_IP } from './user-agents.ts';
import type { WireEvent } from './wire-event.ts';

const WEB_LIBRARY = { name: 'analytics.js', version: 'next-1.84.3' };
const APP_LIBRARY = { name: 'analytics-kotlin', version: '1.19.2' };
export const SERVER_LIBRARY = { name: '@segment/analytics-node', version: '3.1.0' };
const NO_INTEGRATIONS = {};
/** Before the first page. */
export const NO_CONTEXT: Props = {};

export interface Campaign {
  readonly source: string;
  readonly medium: string;
  readonly name: string;
}

/** How a visit began. `channel`: index into CHANNELS, -1 for direct and organic. */
export interface Landing {
  readonly channel: number;
  readonly referrer: string;
  readonly campaign: Campaign | null;
}

export interface Session {
  readonly run: Run;
  readonly rng: Rng;
  readonly person: Person;
  readonly device: Device;
  readonly region: Region;
  readonly caused_by: number;
  readonly landing: Landing;
  /** The present moment, true time. */
  now_ms: number;
  page: Page;
  /** Of the events on this page; they share the object. */
  context: Props;
  /** Browser ids begin with the moment at which the script started. */
  readonly id_prefix: string;
}

type Said = Pick<WireEvent, 'type' | 'event' | 'name' | 'properties' | 'traits'>;

export const accountOf = (s: Session): string | undefined => {
  const signed_in = s.run.identities.signedIn(s.device.index);
  return signed_in < 0 ? undefined : cell(s.run.market.people, signed_in).user_id;
};

/** Time passes: at least `least_ms`, `mean_ms` more on average, at most four minutes. */
export function dwell(s: Session, least_ms: number, mean_ms: number): void {
  s.now_ms += Math.min(240_000, Math.floor(least_ms - mean_ms * Math.log(1 - s.rng.next())));
}

/** A page or screen call; later events carry the page. */
export function openPage(s: Session, page: Page, name: string): void {
  const landing = s.context === NO_CONTEXT;
  s.page = page;
  s.context = s.device.kind === 'app' ? appContext(s) : webContext(s, landing ? s.landing.campaign : null);
  say(s, s.device.kind === 'app' ? 'screen' : 'page', undefined, name, page as unknown as Props, undefined);
  s.now_ms += 60;
}

export const track = (s: Session, event: string, properties: Props): void =>
  say(s, 'track', event, undefined, properties, undefined);

export const identify = (s: Session, traits: Props): void =>
  say(s, 'identify', undefined, undefined, undefined, traits);

function say(
  s: Session,
  type: string,
  event: string | undefined,
  name: string | undefined,
  properties: Props | undefined,
  traits: Props | undefined,
): void {
  const { run, device, rng } = s;
  const app = device.kind === 'app';
  const said_ms = s.now_ms + device.clock_skew_ms;
  // The app sends in batches; the browser at once.
  const held_ms = app ? rng.int(20_000) : 0;
  const id = run.ids.visits();
  const timestamp = isoOf(said_ms);
  run.deliver(s.now_ms + held_ms + 25 + rng.int(350), device.source, device.user_agent, device.ip, {
    type,
    event,
    name,
    messageId: s.id_prefix + id,
    userId: accountOf(s),
    anonymousId: run.identities.current(device.index).anonymous_id,
    timestamp,
    sentAt: app ? isoOf(said_ms + held_ms) : timestamp,
    properties,
    traits,
    context: s.context,
    integrations: NO_INTEGRATIONS,
  });
}

function webContext(s: Session, campaign: Campaign | null): Props {
  const consent = consentOn(s.person.consent, s.run.day);
  const { user_agent: userAgent, ip } = s.device;
  const { locale, timezone } = s.region;
  return campaign !== null
    ? {
        library: WEB_LIBRARY,
        page: s.page,
        userAgent,
        locale,
        timezone,
        ip,
        consent,
        campaign,
      }
    : { library: WEB_LIBRARY, page: s.page, userAgent, locale, timezone, ip, consent };
}

function appContext(s: Session): Props {
  const { device } = s;
  const drifted = s.run.day >= s.run.market.fault_plan.drift.from_day;
  const [name, version] = device.os.split(' ');
  return {
    library: APP_LIBRARY,
    app: { name: 'Fernhill', version: drifted ? '4.2.0' : '4.1.0' },
    device: { id: device.device_id, model: device.model, type: name },
    os: { name, version },
    screen: { name: s.page.title },
    userAgent: device.user_agent,
    locale: s.region.locale,
    timezone: s.region.timezone,
    ip: device.ip,
    consent: consentOn(s.person.consent, s.run.day),
  };
}

/** What the shop's server says about a person at `at_ms`; dropped when that is after the end. */
export function sayFromServer(
  run: Run,
  rng: Rng,
  at_ms: number,
  who: {
    userId: string | undefined;
    anonymousId: string | undefined;
    person: Person;
    device: Device | undefined;
  },
  said: Said,
  next_id = run.ids.visits,
): void {
  if (at_ms >= run.end_ms - 3_000) return;
  const { person, device } = who;
  const region = cell(REGIONS, person.region);
  const { locale, timezone } = region;
  const consent = consentOn(person.consent, run.day);
  const held_ms = rng.int(2_000);
  run.deliver(at_ms + held_ms + 5 + rng.int(40), 'shop-server', SERVER_AGENT, SERVER_IP, {
    type: said.type,
    event: said.event,
    name: said.name,
    messageId: `node-next-${at_ms}-${next_id()}`,
    userId: who.userId,
    anonymousId: who.anonymousId,
    timestamp: isoOf(at_ms),
    sentAt: isoOf(at_ms + held_ms),
    properties: said.properties,
    traits: said.traits,
    context:
      device === undefined
        ? { library: SERVER_LIBRARY, locale, timezone, consent }
        : {
            library: SERVER_LIBRARY,
            userAgent: device.user_agent,
            locale,
            timezone,
            ip: device.ip,
            consent,
          },
    integrations: NO_INTEGRATIONS,
  });
}
