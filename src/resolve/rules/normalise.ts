/** One form for each identifier, so that the same address typed twice is the same identifier. */
import { digest } from '../../kernel/ids.ts';

export const NORMALISERS = ['none', 'lower', 'email', 'phone', 'sha256'] as const;
export type Normaliser = (typeof NORMALISERS)[number];

const MAX_CHARACTERS = 500;
const EMAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
/** As where events stand: other spaces than those of ASCII are characters like any other. */
const BLANK = /^[\t-\r ]*$/;
const HASH = /^[0-9a-f]{64}$/;

/** Undefined when the value cannot be an identifier of this kind. `country_code` is that of numbers without one. */
export function normalise(value: unknown, how: Normaliser, country_code: string): string | undefined {
  const text =
    typeof value === 'string' ? value : Number.isSafeInteger(value) ? String(value as number) : undefined;
  if (text === undefined || text === '' || text.length > MAX_CHARACTERS) return undefined;
  switch (how) {
    case 'none':
      return BLANK.test(text) ? undefined : text;
    case 'lower':
      return text.trim().toLowerCase() || undefined;
    case 'email': {
      const address = text.trim().toLowerCase();
      return EMAIL.test(address) ? address : undefined;
    }
    case 'phone':
      return phoneNumber(text, country_code);
    case 'sha256': {
      const hex = text.trim().toLowerCase();
      return HASH.test(hex) ? hex : undefined;
    }
  }
}

/**
 * International form, `+` and 7 to 15 digits (ITU-T E.164). `00` stands for `+`; one leading zero is the national
 * prefix. Without a country code a national number stays as its digits.
 */
function phoneNumber(text: string, country_code: string): string | undefined {
  const digits = text.replace(/\(0\)/g, '').replace(/[^\d]/g, '');
  const is_international = text.trim().startsWith('+');
  const number = is_international
    ? `+${digits}`
    : digits.startsWith('00')
      ? `+${digits.slice(2)}`
      : country_code === ''
        ? digits
        : `+${country_code}${digits.replace(/^0/, '')}`;
  const length = number.length - (number.startsWith('+') ? 1 : 0);
  return length >= 7 && length <= 15 ? number : undefined;
}

/** As match tables have it: SHA-256 of the normalised value, hex; phones with their `+`. */
export const hashed = (value: string): string => digest(value);
