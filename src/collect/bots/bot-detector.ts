/**
 * Says whether an event was probably made by a machine, and why. The verdict is kept on the event; nothing is dropped
 * because of it. Judged in order of certainty: the user agent, the crawler list, the address, the rate.
 */
import crawlers from 'crawler-user-agents';
import { findBotMatch } from 'isbot';
import type { LoggedEvent } from '../contract.ts';
import { type AddressRange, createDataCentres } from './data-centres.ts';
import { createEventRate, RATE_WINDOW_S } from './event-rate.ts';
import { createRecentMap } from './recent-map.ts';

export interface BotVerdict {
  readonly bot: 0 | 1;
  readonly reason: string;
  readonly source: LoggedEvent['bot_source'];
}

export interface BotQuestion {
  readonly source_id: string;
  /** The person's, not the sending library's; empty when not known. */
  readonly user_agent: string;
  /** The person's, as from `readIp()`; empty when not known. */
  readonly ip: string;
  /** `navigator.webdriver`, as the page reported it. */
  readonly webdriver: boolean;
  /** User id, else anonymous id. */
  readonly person: string;
  /** When the event happened, ms. */
  readonly at_ms: number;
  /** False for an event that is replayed: its rate was counted when it came. */
  readonly fresh: boolean;
}

export interface BotDetector {
  /** A microsecond or two; counts the event for the rates. */
  judge(question: BotQuestion): BotVerdict;
}

export interface BotSettings {
  /** More events a second than this, over ten seconds, are not made by hand. */
  readonly person_per_s_max: number;
  /** The same for one public address, which a household or an office may share. */
  readonly address_per_s_max: number;
  readonly data_centres: readonly AddressRange[];
}

const DEFAULTS: BotSettings = { person_per_s_max: 20, address_per_s_max: 200, data_centres: [] };
const CACHED = 20_000;
const HUMAN: BotVerdict = { bot: 0, reason: '', source: '' };
const WEBDRIVER: BotVerdict = { bot: 1, reason: 'navigator.webdriver is true', source: 'user-agent' };

export function createBotDetector(settings: Partial<BotSettings> = {}): BotDetector {
  const { person_per_s_max, address_per_s_max, data_centres } = { ...DEFAULTS, ...settings };
  const agents = createRecentMap<BotVerdict>(CACHED);
  const addresses = createRecentMap<BotVerdict>(CACHED);
  const dataCentreOf = createDataCentres(data_centres);
  const rate = createEventRate();
  const too_fast = (who: string, per_s: number): BotVerdict => ({
    bot: 1,
    reason: `more than ${per_s} events a second by one ${who} over ${RATE_WINDOW_S} s`,
    source: 'rate',
  });
  const fast_person = too_fast('person', person_per_s_max);
  const fast_address = too_fast('address', address_per_s_max);

  const byAgent = (user_agent: string): BotVerdict => {
    let verdict = agents.get(user_agent);
    if (verdict === undefined) {
      verdict = judgeUserAgent(user_agent);
      agents.set(user_agent, verdict);
    }
    return verdict;
  };
  const byAddress = (ip: string): BotVerdict => {
    let verdict = addresses.get(ip);
    if (verdict === undefined) {
      const owner = dataCentreOf(ip);
      verdict = owner === '' ? HUMAN : { bot: 1, reason: `address of ${owner}`, source: 'data-centre' };
      addresses.set(ip, verdict);
    }
    return verdict;
  };

  return {
    judge: ({ source_id, user_agent, ip, webdriver, person, at_ms, fresh }) => {
      const person_fast =
        fresh && person !== '' && rate.exceeds(`p:${source_id}:${person}`, at_ms, person_per_s_max);
      const address_fast =
        fresh && isPublic(ip) && rate.exceeds(`a:${source_id}:${ip}`, at_ms, address_per_s_max);
      if (webdriver) return WEBDRIVER;
      const agent = user_agent === '' ? HUMAN : byAgent(user_agent);
      if (agent.bot === 1) return agent;
      const address = ip === '' ? HUMAN : byAddress(ip);
      if (address.bot === 1) return address;
      if (person_fast) return fast_person;
      return address_fast ? fast_address : HUMAN;
    },
  };
}

function judgeUserAgent(user_agent: string): BotVerdict {
  const match = findBotMatch(user_agent);
  if (match) return { bot: 1, reason: `the user agent says "${match.slice(0, 60)}"`, source: 'user-agent' };
  const crawler = crawler_patterns.find(({ regex }) => regex.test(user_agent));
  if (crawler) return { bot: 1, reason: `on the crawler list: ${crawler.pattern}`, source: 'crawler-list' };
  return HUMAN;
}

const crawler_patterns = crawlers.map(({ pattern }) => ({ pattern, regex: new RegExp(pattern) }));

/** Behind a proxy that is not trusted, every event seems to come from one private address: no rate is judged then. */
const PRIVATE =
  /^(?:10\.|127\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|169\.254\.|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7])\.|::1$|f[cd]|fe[89ab])/;
const isPublic = (ip: string): boolean => ip !== '' && !PRIVATE.test(ip);
