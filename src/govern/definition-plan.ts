import type { DefinitionKind } from '../kernel/stage.ts';
import { canonicalJson } from './canonical-json.ts';
import type { ReleasedDefinition, Risk } from './contract.ts';
import { type Difference, diff } from './diff.ts';

/** A kind as its stage declares it; without `risk` it is `low`. */
export type GovernedKind = DefinitionKind & {
  readonly risk?: Risk;
  /** Where one definition of a kind can harm more than another. */
  riskOf?(body: unknown): Risk;
};

/** What somebody wants production to run. A body of null wants the definition removed. */
export interface WantedDefinition {
  readonly kind: string;
  readonly name: string;
  readonly body: unknown;
}

export interface Change {
  readonly kind: string;
  readonly name: string;
  readonly change: 'create' | 'update' | 'remove' | 'none';
  readonly from_version?: number;
  readonly diff: readonly Difference[];
}

export interface Problem {
  readonly kind: string;
  readonly name: string;
  readonly field: string;
  readonly message: string;
}

export interface Plan {
  readonly changes: readonly Change[];
  readonly problems: readonly Problem[];
}

interface PlanInput {
  readonly current: readonly ReleasedDefinition[];
  readonly wanted: readonly WantedDefinition[];
  readonly kinds: readonly GovernedKind[];
  /** Also remove what is released and not wanted. */
  readonly prune: boolean;
}

const NAME = /^[a-z0-9][a-z0-9._-]{0,99}$/;

export const keyOf = (d: { readonly kind: string; readonly name: string }): string => `${d.kind}/${d.name}`;

/** What a release of `wanted` would change, and why it cannot be made where it cannot. */
export function planChanges({ current, wanted, kinds, prune }: PlanInput): Plan {
  const released = new Map(current.map((d) => [keyOf(d), d]));
  const named = new Set(wanted.map(keyOf));
  const changes = wanted.map((w) => changeOf(w, released.get(keyOf(w))));
  const removed = prune
    ? current.filter((d) => !named.has(keyOf(d))).map((d) => changeOf({ ...d, body: null }, d))
    : [];
  const own = [...repeated(wanted), ...wanted.flatMap((w) => problems(w, kinds))];
  // What is unsound by itself is said first: beside others it could not be read.
  const beside = own.length > 0 ? [] : besideOthers([...changes, ...removed], { current, wanted }, kinds);
  return { changes: [...changes, ...removed], problems: [...own, ...beside] };
}

/** Problems of the whole set that the release would hold, of kinds that look at it; none when nothing changes. */
function besideOthers(
  changes: readonly Change[],
  { current, wanted }: Pick<PlanInput, 'current' | 'wanted'>,
  kinds: readonly GovernedKind[],
): readonly Problem[] {
  if (changes.every((c) => c.change === 'none')) return [];
  const removed = new Set(changes.filter((c) => c.change === 'remove').map(keyOf));
  const set = new Map([...current, ...wanted].map((d) => [keyOf(d), d]));
  const kept = [...set.values()].filter((d) => d.body !== null && !removed.has(keyOf(d)));
  return kinds.flatMap(({ kind, checkSet }) => {
    const changed = changes.filter((c) => c.kind === kind && c.change !== 'none').map((c) => c.name);
    return (checkSet?.(kept, new Set(changed)) ?? []).map((problem) => ({ kind, ...problem }));
  });
}

function changeOf({ kind, name, body }: WantedDefinition, before: ReleasedDefinition | undefined): Change {
  if (before === undefined) {
    return body === null
      ? { kind, name, change: 'none', diff: [] }
      : { kind, name, change: 'create', diff: [{ path: '', after: body }] };
  }
  const from_version = before.version;
  if (body === null)
    return { kind, name, change: 'remove', from_version, diff: [{ path: '', before: before.body }] };
  if (canonicalJson(body) === canonicalJson(before.body))
    return { kind, name, change: 'none', from_version, diff: [] };
  return { kind, name, change: 'update', from_version, diff: diff(before.body, body) };
}

/** Problems of one definition, empty when it is sound. */
export function problems(
  { kind, name, body }: WantedDefinition,
  kinds: readonly GovernedKind[],
): readonly Problem[] {
  const known = kinds.find((k) => k.kind === kind);
  if (known === undefined) {
    const list = kinds.map((k) => k.kind).sort();
    return [
      { kind, name, field: 'kind', message: `is not a kind of definition. Kinds: ${list.join(', ')}.` },
    ];
  }
  if (!NAME.test(name)) {
    const message =
      'must be 1 to 100 lower-case letters, digits, dots, dashes or underscores, a letter or digit first.';
    return [{ kind, name, field: 'name', message }];
  }
  if (body === null) return [];
  if (typeof body !== 'object' || Array.isArray(body)) {
    return [{ kind, name, field: 'body', message: 'must be an object, or null to remove the definition.' }];
  }
  return known.check(body, name).map(({ field, message }) => ({ kind, name, field, message }));
}

const repeated = (wanted: readonly WantedDefinition[]): readonly Problem[] =>
  wanted
    .filter((w, i) => wanted.findIndex((other) => keyOf(other) === keyOf(w)) !== i)
    .map(({ kind, name }) => ({ kind, name, field: 'name', message: 'appears more than once; keep one.' }));
