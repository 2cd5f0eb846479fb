import { AppError } from '../../kernel/errors.ts';
import { isJsonObject, type JsonObject } from '../normalise/json-object.ts';
import { FORBIDDEN_KEYS } from './parse-json.ts';

const DEPTH_MAX = 16;

/** `properties.price` -> its keys, for pixels and tables, where names are paths. Refuses keys that reach prototypes. */
export function readPath(name: string): readonly string[] {
  const keys = name.split('.');
  if (keys.some((key) => FORBIDDEN_KEYS.has(key)))
    throw new AppError('forbidden_key', {
      message: `The name ${name.slice(0, 100)} is not accepted.`,
      field: name.slice(0, 100),
    });
  if (keys.length > DEPTH_MAX)
    throw new AppError('too_deep', { message: `A name has more than ${DEPTH_MAX} parts.`, limit: DEPTH_MAX });
  return keys;
}

/** Sets a value below `target`, making objects on the way. `keys` comes from `readPath()`. */
export function setPath(target: JsonObject, keys: readonly string[], value: unknown): void {
  let at = target;
  for (const key of keys.slice(0, -1)) {
    let below = at[key];
    if (!isJsonObject(below)) {
      below = {};
      at[key] = below;
    }
    at = below as JsonObject;
  }
  const last = keys.at(-1);
  if (last !== undefined) at[last] = value;
}
