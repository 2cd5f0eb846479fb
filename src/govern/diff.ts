import { canonicalJson } from './canonical-json.ts';

/** One place where two bodies differ. A side that has nothing there is left out. */
export interface Difference {
  readonly path: string;
  readonly before?: unknown;
  readonly after?: unknown;
}

type Json = Readonly<Record<string, unknown>>;

/**
 * Where `after` differs from `before`, by path: `events[Order Completed].schema.required[0]`. Items of a list are
 * matched by their id, key, name or event where each has its own, so that an inserted item is one difference.
 */
export function diff(before: unknown, after: unknown, path = ''): readonly Difference[] {
  if (canonicalJson(before) === canonicalJson(after)) return [];
  if (isObject(before) && isObject(after)) return diffKeys(before, after, (key) => at(path, key));
  if (Array.isArray(before) && Array.isArray(after)) return diffLists(before, after, path);
  return [{ path, before, after }];
}

function diffKeys(before: Json, after: Json, pathOf: (key: string) => string): readonly Difference[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  return keys.flatMap((key) => {
    if (!Object.hasOwn(before, key)) return [{ path: pathOf(key), after: after[key] }];
    if (!Object.hasOwn(after, key)) return [{ path: pathOf(key), before: before[key] }];
    return diff(before[key], after[key], pathOf(key));
  });
}

function diffLists(
  before: readonly unknown[],
  after: readonly unknown[],
  path: string,
): readonly Difference[] {
  const [named, renamed] = [byIdentity(before), byIdentity(after)];
  const pathOf = (key: string) => `${path}[${key}]`;
  if (named === undefined || renamed === undefined) return diffKeys({ ...before }, { ...after }, pathOf);
  const order = { before: Object.keys(named), after: Object.keys(renamed) };
  const kept = (keys: string[], other: Json) => keys.filter((key) => Object.hasOwn(other, key));
  const moved = canonicalJson(kept(order.before, renamed)) !== canonicalJson(kept(order.after, named));
  const inside = diffKeys(named, renamed, pathOf);
  return moved ? [...inside, { path: `${path}[order]`, ...order }] : inside;
}

/** Items by what names them; undefined when some item has no name of its own. */
function byIdentity(list: readonly unknown[]): Json | undefined {
  const items: Record<string, unknown> = Object.create(null);
  for (const item of list) {
    const key = isObject(item) ? identity(item) : undefined;
    if (key === undefined || Object.hasOwn(items, key) || /^\d+$/.test(key)) return undefined;
    items[key] = item;
  }
  return items;
}

function identity(item: Json): string | undefined {
  for (const key of ['id', 'key', 'name']) {
    if (typeof item[key] === 'string') return item[key];
  }
  const { event, type, version } = item;
  if (typeof event !== 'string') return undefined;
  return [event, type, version].filter((part) => typeof part === 'string' && part !== '').join(' ');
}

const at = (path: string, key: string): string =>
  /^[A-Za-z_$][\w$-]*$/.test(key)
    ? path === ''
      ? key
      : `${path}.${key}`
    : `${path}[${JSON.stringify(key)}]`;

const isObject = (value: unknown): value is Json =>
  value !== null && typeof value === 'object' && !Array.isArray(value);
