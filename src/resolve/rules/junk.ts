/**
 * Values that senders put where they know nobody: as identifiers they would join strangers. The list is short on purpose,
 * since what it blocks joins nobody ever; teams add their own values and patterns in the rules.
 */
import { isPlaceholder } from '../../collect/contract.ts';
import { hashed, type Normaliser } from './normalise.ts';

/** Besides what is a placeholder as an id. */
const ZEROS = /^[\s0.+:_-]*$/;

/** Names that are nobody's on any host. */
const NOBODY = /^(?:null|undefined|none|unknown|anonymous|(?:no|do)[-_]?(?:not[-_]?)?reply)@/;
/** Names and hosts that are nobody's together: `test@test.com`, `user@domain.com`. */
const TRIAL = /^(?:test|testing|example|email|user)@(?:test|example|email|domain)\.[a-z.]+$/;
/** Hosts that nobody has: without a dot, or under a name that RFC 2606 and RFC 6761 keep free. */
const JUNK_HOST = /@(?:null|undefined|none|(?:[^@]*\.)?(?:invalid|localhost))$/;

/** No subscriber's number: one digit over and over, or the row of the keyboard. */
const DIALLED = /^(?:(\d)\1+|0?1234567(?:8(?:9(?:01?)?)?)?)$/;

/** A match table's hash of nothing, and of what stood for nothing before it was hashed. */
const HASHES: ReadonlySet<string> = new Set(
  ['', 'null', 'undefined', 'none', 'nan', 'n/a', '0', 'null@null.com', 'none@none.com', 'test@test.com'].map(
    hashed,
  ),
);

/**
 * The rule that a normalised `value` breaks, undefined when it could name somebody. Letter case does not matter.
 * `country_code` is that of phone numbers which came without one.
 */
export function junkRule(value: string, how: Normaliser = 'none', country_code = ''): string | undefined {
  if (ZEROS.test(value)) return 'zeros';
  if (isPlaceholder(value)) return 'placeholder';
  if (how === 'phone') return isDialled(value, country_code) ? 'placeholder' : undefined;
  if (how === 'sha256') return HASHES.has(value) ? 'placeholder' : undefined;
  return value.includes('@') && isNobodysAddress(value.toLowerCase()) ? 'placeholder' : undefined;
}

/** For an id that events stand at: exactly what they pass over. */
export const junkIdRule = (value: string): string | undefined =>
  !isPlaceholder(value) ? undefined : ZEROS.test(value) ? 'zeros' : 'placeholder';

const isNobodysAddress = (address: string): boolean =>
  NOBODY.test(address) || TRIAL.test(address) || JUNK_HOST.test(address);

/** With a country code, what follows it counts, too. */
function isDialled(number: string, country_code: string): boolean {
  const digits = number.replace(/^\+/, '');
  const isOwn = country_code !== '' && digits.startsWith(country_code);
  return DIALLED.test(digits) || (isOwn && DIALLED.test(digits.slice(country_code.length)));
}
