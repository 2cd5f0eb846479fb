import { AppError } from '../kernel/errors.ts';

/**
 * Splits `scheme:rest`, where `rest` is a path or the remainder of an address. Refuses with `invalid_input` what has
 * no scheme, or one without an adapter; the message names those that exist.
 */
export function splitStoreUrl(
  url: string,
  store: string,
  schemes: readonly string[],
): { scheme: string; rest: string } {
  const at = url.indexOf(':');
  const scheme = at > 0 ? url.slice(0, at).toLowerCase() : '';
  const rest = url.slice(at + 1);
  if (!schemes.includes(scheme) || rest === '')
    throw new AppError('invalid_input', {
      message: `The ${store} address ${scheme === '' ? 'has no scheme' : `starts with "${scheme}:"`}, which no adapter serves. Use ${schemes.map((s) => `${s}:…`).join(' or ')}.`,
      field: store,
      rule: `one of ${schemes.join(', ')}`,
    });
  return { scheme, rest };
}
