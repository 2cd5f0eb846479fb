const KEY_MAX = 200;

/**
 * The write key in an Authorization header: user name of Basic, or the token of Bearer. Empty when there is none.
 * A Bearer token can also be an OAuth token of a client that puts its write key into the body.
 */
export function keyFromAuthorization(header: string): string {
  const space = header.indexOf(' ');
  if (space < 0) return '';
  const scheme = header.slice(0, space).toLowerCase();
  const rest = header.slice(space + 1).trim();
  if (scheme === 'bearer') return bounded(rest);
  if (scheme !== 'basic' || rest.length > 2 * KEY_MAX) return '';
  const pair = Buffer.from(rest, 'base64').toString('utf8');
  const colon = pair.indexOf(':');
  return bounded(colon < 0 ? pair : pair.slice(0, colon));
}

const bounded = (key: string): string => (key.length <= KEY_MAX ? key : '');
