import { DAY_MS } from '../../kernel/clock.ts';
import { memberOf, textOf } from './event-json.ts';
import type { Register } from './register.ts';
import { readUserAgent } from './user-agent.ts';

/**
 * `$` traits from the context of an event. Those that come with every event are dated to the day (UTC), so that a node
 * says each of them once a day instead of once an event; of two values on one day the greater text stays.
 */
export function contextTraits(
  context: unknown,
  event: { readonly user_agent: string; readonly source_id: string; readonly at_ms: number },
  set: (name: string, register: Register) => void,
): void {
  const { at_ms, source_id } = event;
  const day_ms = Math.floor(at_ms / DAY_MS) * DAY_MS;
  const daily = (name: string, value: string): void => {
    if (value !== '') set(name, [JSON.stringify(value), day_ms, source_id]);
  };
  daily('$locale', textOf(context, 'locale'));
  daily('$timezone', textOf(context, 'timezone'));
  const location = memberOf(context, 'location');
  daily('$country', textOf(location, 'country'));
  daily('$region', textOf(location, 'region'));
  daily('$city', textOf(location, 'city'));

  const agent = readUserAgent(textOf(context, 'userAgent', 512) || event.user_agent);
  const os = textOf(memberOf(context, 'os'), 'name') || agent.os;
  daily('$os', os);
  daily('$browser', agent.browser);
  daily('$device_type', deviceType(textOf(memberOf(context, 'device'), 'type')) || agent.device_type);

  const both = (name: string, value: string): void => {
    if (value === '') return;
    const register: Register = [JSON.stringify(value), at_ms, source_id];
    set(`$${name}`, register);
    set(`$first_${name}`, register);
  };
  both('campaign', campaignOf(memberOf(context, 'campaign')));
  both('referrer', referrerOf(memberOf(context, 'page')));
}

/** Mobile libraries send the system as the device's type. */
function deviceType(type: string): string {
  const lower = type.toLowerCase();
  return lower === 'ios' || lower === 'android' ? 'mobile' : lower;
}

/** `source/medium/name`, as sessions have it. */
function campaignOf(campaign: unknown): string {
  if (campaign === undefined) return '';
  const parts = [textOf(campaign, 'source'), textOf(campaign, 'medium'), textOf(campaign, 'name')];
  return parts.every((part) => part === '') ? '' : parts.join('/');
}

/** The host that the visitor came from, when it is another one than the page's. */
function referrerOf(page: unknown): string {
  const from = hostOf(textOf(page, 'referrer', 2_000));
  return from === '' || from === hostOf(textOf(page, 'url', 2_000)) ? '' : from;
}

const HOST = /^[a-z][a-z0-9+.-]*:\/\/(?:[^/?#@]*@)?(?:www\.)?([^/?#:]+)/i;
const hostOf = (url: string): string => HOST.exec(url)?.[1]?.toLowerCase() ?? '';
