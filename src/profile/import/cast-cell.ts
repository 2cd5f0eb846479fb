/** One cell as the mapping wants it. Nothing is guessed: what does not read as its type is refused. */
export type CellType = 'text' | 'number' | 'boolean' | 'date' | 'json';

export type Cast =
  | { readonly ok: true; readonly value: unknown }
  | {
      readonly ok: false;
      readonly message: string;
      /** When another one than the type. */
      readonly rule?: string;
    };

/** Rule of whole numbers that a number of 64 bits changes: card numbers, ids of other systems. */
export const UNSAFE_INTEGER = 'unsafe_integer';

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const TRUE = new Set(['true', 'yes', 'y', '1']);
const FALSE = new Set(['false', 'no', 'n', '0']);

const fails = (message: string): Cast => ({ ok: false, message });
const UNSAFE: Cast = {
  ok: false,
  rule: UNSAFE_INTEGER,
  message: 'has more digits than a number keeps (beyond 9007199254740991): import it as text',
};
const isUnsafe = (value: number): boolean => Number.isInteger(value) && !Number.isSafeInteger(value);
const good = (value: unknown): Cast => ({ ok: true, value });

/** Absent cells do not come here. */
export function castCell(cell: unknown, type: CellType, day_first: boolean): Cast {
  switch (type) {
    case 'text':
      // Digits that JSON has read as a number are lost already.
      if (typeof cell === 'number' && isUnsafe(cell)) return UNSAFE;
      return typeof cell === 'object' ? fails('must be text') : good(String(cell).trim().toWellFormed());
    case 'number': {
      const text = String(cell).trim();
      const value = typeof cell === 'number' ? cell : NUMBER.test(text) ? Number(text) : Number.NaN;
      if (isUnsafe(value)) return UNSAFE;
      return Number.isFinite(value) ? good(value) : fails('must be a number such as 1234.5');
    }
    case 'boolean': {
      const text = String(cell).trim().toLowerCase();
      return TRUE.has(text)
        ? good(true)
        : FALSE.has(text)
          ? good(false)
          : fails('must be true or false, yes or no, 1 or 0');
    }
    case 'date': {
      const ms = readDate(cell, day_first);
      return Number.isNaN(ms)
        ? fails('must be a date such as 2026-03-31 or 2026-03-31T09:30:00Z')
        : good(new Date(ms).toISOString());
    }
    case 'json':
      return readJson(cell);
  }
}

function readJson(cell: unknown): Cast {
  if (typeof cell !== 'string') return good(cell);
  try {
    return good(JSON.parse(cell));
  } catch {
    return fails('must be JSON');
  }
}

const ISO =
  /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(\.\d{1,9})?)?)?\s*(Z|[+-]\d{2}:?\d{2})?$/i;
const SLASHED = /^(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?:[ T](\d{1,2}):(\d{2})(?::(\d{2}))?)?$/;
const EPOCH = /^\d{10}(\d{3})?$/;

/** Milliseconds since 1970 UTC; NaN when it cannot be read. Without a zone it is UTC. Dots mean that the day comes first. */
export function readDate(cell: unknown, day_first: boolean): number {
  const text = String(cell).trim();
  if (EPOCH.test(text)) return text.length === 10 ? Number(text) * 1_000 : Number(text);
  const iso = ISO.exec(text);
  if (iso !== null) {
    const [, y, m, d, hour = '0', minute = '0', second = '0', part = '0', zone = 'Z'] = iso;
    const at = utc(Number(y), Number(m), Number(d), Number(hour), Number(minute), Number(second));
    return at + Math.floor(Number(`0${part}`) * 1_000) - offsetMs(zone);
  }
  const slashed = SLASHED.exec(text);
  if (slashed === null) return Number.NaN;
  const [, a, dot, b, y, hour = '0', minute = '0', second = '0'] = slashed;
  const [day, month] = day_first || dot === '.' ? [a, b] : [b, a];
  return utc(Number(y), Number(month), Number(day), Number(hour), Number(minute), Number(second));
}

function utc(year: number, month: number, day: number, hour: number, minute: number, second: number): number {
  const ms = Date.UTC(year, month - 1, day, hour, minute, second);
  const back = new Date(ms);
  // 31 February would become 3 March.
  const isReal =
    back.getUTCMonth() === month - 1 && back.getUTCDate() === day && hour < 24 && minute < 60 && second < 60;
  return isReal ? ms : Number.NaN;
}

function offsetMs(zone: string): number {
  if (zone.toUpperCase() === 'Z') return 0;
  const [, sign, hours, minutes] = /^([+-])(\d{2}):?(\d{2})$/.exec(zone) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}

/** The type of a value, never the value. */
export const typeOfCell = (cell: unknown): string =>
  cell === undefined || cell === null || cell === ''
    ? 'empty'
    : Array.isArray(cell)
      ? 'array'
      : typeof cell === 'string' && NUMBER.test(cell.trim())
        ? 'number'
        : typeof cell;
