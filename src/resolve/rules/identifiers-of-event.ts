/** Which identifiers an event carries: the same reading for the stream and for history from the warehouse. */
import { type StandingId, standingId } from '../../collect/contract.ts';
import type { Identifier } from '../contract.ts';
import { type CompiledRules, derivedFrom } from './compile-rules.ts';

export const ROOTS = ['properties', 'traits', 'context'] as const;
export type Root = (typeof ROOTS)[number];

export interface EventIdentity {
  readonly type: string;
  readonly user_id: string;
  readonly anonymous_id: string;
  readonly previous_id: string;
}

export interface CarriedIdentifiers {
  readonly identifiers: readonly Identifier[];
  /** What an alias says the person was called before; a user id or an anonymous id, it does not tell which. */
  readonly previous: readonly Identifier[];
  /** `type rule` of each value that was there and is blocked. */
  readonly blocked: readonly string[];
  /**
   * Blocked values, each with the hashes made of it: seen together, so that the hashes are known to be blocked as well.
   * The id that the event stands at is one of them when it is blocked: whose its events are must be known.
   */
  readonly kept_out: readonly (readonly Identifier[])[];
}

interface CompiledPath {
  readonly type: string;
  readonly root: Root;
  readonly keys: readonly string[];
  /** All of them are in the JSON text of the root when the path is. */
  readonly marks: readonly string[];
}

export interface EventReader {
  /** Paths into the JSON columns, for reading them in SQL. */
  readonly paths: readonly CompiledPath[];
  /** Whether the JSON texts may hold an identifier at all. */
  mayCarry(texts: Readonly<Record<Root, string>>): boolean;
  /** `read` gives a root's object; it is asked only for roots that `mayCarry`. */
  read(event: EventIdentity, read: (root: Root) => unknown): CarriedIdentifiers;
}

const EXTERNAL = '"externalIds"';

export function createEventReader(rules: CompiledRules): EventReader {
  const paths = rules.types.flatMap(({ type, paths: own }) =>
    own.flatMap((path): CompiledPath[] => {
      const [root, ...keys] = path.split('.');
      if (keys.length === 0) return [];
      return [{ type, root: root as Root, keys, marks: keys.map((key) => JSON.stringify(key)) }];
    }),
  );
  return {
    paths,
    mayCarry: (texts) =>
      paths.some(({ root, marks }) => marks.every((mark) => texts[root].includes(mark))) ||
      texts.context.includes(EXTERNAL),
    read(event, read) {
      const found = createFindings(rules);
      found.stand(standingId(event));
      if (event.user_id !== '') found.add('user_id', event.user_id);
      if (event.anonymous_id !== '') found.add('anonymous_id', event.anonymous_id);
      for (const { type, root, keys } of paths) found.add(type, valueAt(read(root), keys));
      const external = valueAt(read('context'), ['externalIds']);
      if (Array.isArray(external)) for (const item of external.slice(0, 50)) found.addExternal(item);
      const { identifiers, blocked, kept_out } = found;
      return {
        identifiers,
        blocked,
        kept_out,
        previous: event.type === 'alias' ? previousOf(event, rules) : [],
      };
    },
  };
}

function createFindings(rules: CompiledRules) {
  const identifiers: Identifier[] = [];
  const blocked: string[] = [];
  const kept_out: Identifier[][] = [];
  const put = (type: string, value: string): boolean => {
    if (identifiers.some((one) => one.type === type && one.value === value)) return false;
    const rule = rules.blockedBy(type, value);
    if (rule === undefined) identifiers.push({ type, value });
    else blocked.push(`${type} ${rule}`);
    return rule === undefined;
  };
  const add = (type: string, raw: unknown): void => {
    if (raw === undefined || raw === null) return;
    const value = rules.normalise(type, raw);
    if (value === undefined) return;
    const hashes = derivedFrom(rules, type, value);
    if (put(type, value)) for (const hash of hashes) put(hash.type, hash.value);
    else if (hashes.length > 0 && rules.blockedBy(type, value) !== undefined)
      kept_out.push([{ type, value }, ...hashes]);
  };
  return {
    identifiers,
    blocked,
    kept_out,
    add,
    stand(place: StandingId | undefined): void {
      if (place !== undefined && rules.blockedBy(place.type, place.value) !== undefined)
        kept_out.push([place]);
    },
    /** `{id, type, collection, encoding}`, as Segment's clients send it. */
    addExternal(item: unknown): void {
      const type = valueAt(item, ['type']);
      if (typeof type === 'string') add(type, valueAt(item, ['id']));
    },
  };
}

function previousOf(
  { previous_id, user_id, anonymous_id }: EventIdentity,
  rules: CompiledRules,
): Identifier[] {
  if (previous_id === '' || rules.blockedBy('user_id', previous_id) !== undefined) return [];
  return (['user_id', 'anonymous_id'] as const).flatMap((type) =>
    previous_id === (type === 'user_id' ? user_id : anonymous_id) ? [] : [{ type, value: previous_id }],
  );
}

function valueAt(object: unknown, keys: readonly string[]): unknown {
  let at = object;
  for (const key of keys) {
    if (typeof at !== 'object' || at === null) return undefined;
    at = Object.hasOwn(at, key) ? (at as Record<string, unknown>)[key] : undefined;
  }
  return at;
}
