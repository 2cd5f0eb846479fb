/** Values that senders put where they know nobody: as identifiers they would join strangers. */
const JUNK: ReadonlySet<string> = new Set([
  'null',
  '(null)',
  'undefined',
  'none',
  'nil',
  'nan',
  'n/a',
  'na',
  'anonymous',
  'guest',
  'unknown',
  'unidentified',
  'not set',
  '(not set)',
  'test',
  'true',
  'false',
  '[object object]',
  'user',
  'id',
  'email',
]);

/** Nothing but zeros, dashes, dots and white space, as in `0` and `00000000-0000-0000-0000-000000000000`. */
const BLANK = /^[\s0.\-_]*$/;
/** A mail address whose name part is junk on a host that nobody has. */
const JUNK_HOST = /@(?:null|undefined|none|example\.invalid|localhost)$/;

/** The rule that `value` breaks, undefined when it could name somebody. Letter case does not matter. */
export function junkRule(value: string): string | undefined {
  if (BLANK.test(value)) return 'zeros';
  // The longest entry has 15 characters: most values need no copy in lower case.
  if (value.length <= 16 && JUNK.has(value.trim().toLowerCase())) return 'placeholder';
  return JUNK_HOST.test(value) ? 'placeholder' : undefined;
}
