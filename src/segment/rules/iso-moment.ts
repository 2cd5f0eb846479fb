/** ISO 8601 dates in values: read the same way in memory and in the warehouse. Without a zone they are UTC. */
import { type Sql, sql } from '../../kernel/sql.ts';

const FORM =
  /^((?:19|20)\d\d)-(\d\d)-(\d\d)(?:[T ]([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d{1,3})\d{0,6})?)?(Z|[+-](?:0\d|1[0-4]):[0-5]\d)?)?$/;

/** The same form for the warehouse's regular expressions. */
const FORM_SQL =
  '^(19|20)[0-9][0-9]-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])([T ]([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9})?)?(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?)?$';

/** Milliseconds since 1970 UTC; undefined when it is not such a date or no such day exists. */
export function parseIsoMs(text: string): number | undefined {
  const parts = FORM.exec(text);
  if (parts === null) return undefined;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', zone = 'Z'] = parts;
  const date_ms = Date.UTC(Number(year), Number(month) - 1, Number(day));
  const date = new Date(date_ms);
  if (date.getUTCMonth() !== Number(month) - 1 || date.getUTCDate() !== Number(day)) return undefined;
  const time_ms = (Number(hour) * 60 + Number(minute)) * 60_000 + Number(second) * 1_000;
  return date_ms + time_ms + Number(fraction.padEnd(3, '0')) - offsetMs(zone);
}

function offsetMs(zone: string): number {
  if (zone === 'Z') return 0;
  const sign = zone.startsWith('-') ? -1 : 1;
  return sign * (Number(zone.slice(1, 3)) * 60 + Number(zone.slice(4, 6))) * 60_000;
}

/** Nullable(Int64) expression of a text expression. */
export const isoMsSql = (text: Sql): Sql =>
  sql`if(match(${text}, ${FORM_SQL}), toUnixTimestamp64Milli(parseDateTime64BestEffortOrNull(${text}, 3, 'UTC')), NULL)`;
