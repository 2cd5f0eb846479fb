import { isJsonObject, type JsonObject } from './json-object.ts';

/** Query parameter -> member of `context.campaign`, as Segment's clients name them. */
const MEMBERS = [
  ['utm_source', 'source'],
  ['utm_medium', 'medium'],
  ['utm_campaign', 'name'],
  ['utm_term', 'term'],
  ['utm_content', 'content'],
  ['utm_id', 'id'],
] as const;

/** Longer queries are read up to here, longer values kept up to here, in UTF-16 units. */
const QUERY_MAX = 8_192;
const VALUE_MAX = 512;

/**
 * `https://shop.example/?utm_source=news&utm_campaign=spring` -> `{ source: 'news', name: 'spring' }`: the campaign
 * that the event's page address names, for clients that leave that to the server. The first of a repeated parameter
 * counts. Undefined when the address names none.
 */
export function campaignFromUrl(context: JsonObject, properties: JsonObject): JsonObject | undefined {
  const page = context['page'];
  const query =
    (isJsonObject(page) ? (queryOf(page['search']) ?? queryOf(page['url'])) : undefined) ??
    queryOf(properties['search']) ??
    queryOf(properties['url']);
  if (query === undefined) return undefined;
  const parameters = new URLSearchParams(query);
  const campaign: JsonObject = {};
  for (const [parameter, member] of MEMBERS) {
    const value = parameters.get(parameter)?.trim().slice(0, VALUE_MAX).toWellFormed() ?? '';
    if (value !== '') campaign[member] = value;
  }
  return Object.keys(campaign).length === 0 ? undefined : campaign;
}

/** Whether the client named a campaign itself: an empty object, which some send always, names none. */
export const namesCampaign = (campaign: unknown): boolean =>
  isJsonObject(campaign) ? Object.keys(campaign).length > 0 : campaign !== undefined && campaign !== null;

/** What stands between `?` and `#`; undefined for most events, at the price of one search. */
function queryOf(address: unknown): string | undefined {
  if (typeof address !== 'string' || !address.includes('utm_')) return undefined;
  const hash = address.indexOf('#');
  const end = hash < 0 ? address.length : hash;
  const start = address.indexOf('?') + 1;
  return start === 0 || start > end ? undefined : address.slice(start, Math.min(end, start + QUERY_MAX));
}
