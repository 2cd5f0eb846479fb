/** Which events, fields and traits there are, to say what of a rule nobody has ever sent: names, and types of values. */
import { type Compared, type SeenTypes, sumProblem, typeProblem } from './known-types.ts';
import { leavesOf, type Rule, type RuleProblem } from './rule.ts';

export interface KnownNames {
  readonly events: ReadonlySet<string>;
  /** Fields by event (`kindKey`), those inside objects too; a kind whose fields were not looked at is not in it. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly traits: ReadonlySet<string>;
  /** Of fields by `fieldKey`, of traits by name; only where they are certain. */
  readonly field_types?: ReadonlyMap<string, SeenTypes>;
  readonly trait_types?: ReadonlyMap<string, SeenTypes>;
}

export const NO_NAMES: KnownNames = { events: new Set(), fields: new Map(), traits: new Set() };

/** Events of a name; or, where a part names none, all of a type. */
export const kindKey = ({ event, type = 'track' }: { event?: string; type?: string }): string =>
  event ?? `\n${type}`;
export const fieldKey = (kind: string, field: string): string => `${kind}\n${field}`;

/** A part of a rule as far as names matter. */
interface Named extends Compared {
  readonly predicate?: string;
  readonly event?: string;
  readonly type?: string;
  readonly calc?: string;
  readonly where?: readonly (Compared & { readonly field: string })[];
  readonly property?: string;
  readonly trait?: string;
  readonly steps?: readonly Named[];
  readonly without?: Named;
  readonly purpose?: string;
  readonly score?: string;
}

export function unknownNames(rule: Rule, known: KnownNames): RuleProblem[] {
  return leavesOf(rule).flatMap(({ leaf, place }) => inPart(leaf as Named, place, known));
}

function inPart(part: Named, place: string, known: KnownNames): RuleProblem[] {
  const problems: RuleProblem[] = [];
  const say = (field: string, what: string, name: string, near: Iterable<string>): void => {
    const close = closest(name, near);
    const hint = close === undefined ? '' : `; did you mean ${close}?`;
    problems.push({ field: `${place}.${field}`, message: `nobody has ever sent the ${what} ${name}${hint}` });
  };
  const compare = (name: string, compared: Compared, seen: SeenTypes | undefined, inner = ''): void => {
    const problem = seen && typeProblem(name, compared, seen);
    if (problem !== undefined)
      problems.push({ field: `${place}.${inner}${problem.at}`, message: problem.message });
  };
  if (part.trait !== undefined) {
    if (!isKept(part.trait) && !hasTrait(part.trait, known)) say('trait', 'trait', part.trait, known.traits);
    compare(part.trait, part, known.trait_types?.get(part.trait));
  }
  for (const [field, what, prefix, name] of keptNames(part)) {
    const others = [...known.traits].filter((trait) => trait.startsWith(prefix));
    // Without a single one nothing is known of them.
    if (others.length === 0 || known.traits.has(`${prefix}${name}`)) continue;
    const near = others.map((trait) => trait.slice(prefix.length));
    say(field, what, name, near);
  }
  if (part.event !== undefined && !known.events.has(part.event))
    say('event', 'event', part.event, known.events);
  const kind = kindKey(part);
  const fields = known.fields.get(kind);
  const check = (name: string, field: string): void => {
    // The context is as clients make it.
    if (fields === undefined || name.startsWith('$')) return;
    const top = name.split('.')[0] ?? name;
    if (!fields.has(top)) say(field, 'field', name, fields);
    // Of what lies deeper only one level is looked at, and only where it was found to be an object.
    else if (name.includes('.') && [...fields].some((one) => one.startsWith(`${top}.`))) {
      const inner = name.split('.').slice(0, 2).join('.');
      if (!fields.has(inner)) say(field, 'field', name, fields);
    }
  };
  const typesOf = (field: string) => known.field_types?.get(fieldKey(kind, field));
  part.where?.forEach((condition, i) => {
    check(condition.field, `where[${i}].field`);
    compare(condition.field, condition, typesOf(condition.field), `where[${i}].`);
  });
  if (part.property !== undefined) {
    check(part.property, 'property');
    const seen = typesOf(part.property);
    if (part.calc === undefined) compare(part.property, part, seen);
    const message = part.calc !== undefined && seen ? sumProblem(part.property, seen) : undefined;
    if (message !== undefined) problems.push({ field: `${place}.property`, message });
  }
  part.steps?.forEach((step, i) => void problems.push(...inPart(step, `${place}.steps[${i}]`, known)));
  if (part.without !== undefined) problems.push(...inPart(part.without, `${place}.without`, known));
  return problems;
}

/** Names that predicates make traits of: where they stand, what they are, what the traits begin with. */
function keptNames({ predicate, purpose, score, type }: Named): [string, string, string, string][] {
  if (predicate === 'consent' && purpose !== undefined)
    return [['purpose', 'consent purpose', '$consent.', purpose]];
  if (predicate === 'score' && score !== undefined) return [['score', 'score', 'score.', score]];
  return predicate === 'group' && type !== undefined ? [['type', 'group type', 'group.', type]] : [];
}

/** A trait, or something inside one: `address.city`. */
const hasTrait = (name: string, { traits }: KnownNames): boolean =>
  traits.has(name) || traits.has(name.split('.')[0] ?? name);

/** Names that Plumbline keeps itself, whether or not anybody has them yet. */
const isKept = (trait: string): boolean =>
  trait.startsWith('$') || trait.startsWith('score.') || trait.startsWith('group.');

const MOST_EDITS = 3;

function closest(name: string, among: Iterable<string>): string | undefined {
  let best: { name: string; edits: number } | undefined;
  for (const other of among) {
    // Events that are not tracked have no name.
    if (other === '') continue;
    const edits = editsBetween(name.toLowerCase(), other.toLowerCase());
    if (edits <= MOST_EDITS && edits < (best?.edits ?? MOST_EDITS + 1)) best = { name: other, edits };
  }
  return best?.name;
}

/** Levenshtein's distance, a row at a time. */
function editsBetween(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > MOST_EDITS) return MOST_EDITS + 1;
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      next[j] = Math.min((next[j - 1] ?? 0) + 1, (row[j] ?? 0) + 1, (row[j - 1] ?? 0) + same);
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
