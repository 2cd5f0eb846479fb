/** Which events, fields and traits there are, to say which names of a rule nobody has ever sent. */
import { leavesOf, type Rule, type RuleProblem } from './rule.ts';

export interface KnownNames {
  readonly events: ReadonlySet<string>;
  /** Fields by event; an event whose fields were not looked at is not in it. */
  readonly fields: ReadonlyMap<string, ReadonlySet<string>>;
  readonly traits: ReadonlySet<string>;
}

export const NO_NAMES: KnownNames = { events: new Set(), fields: new Map(), traits: new Set() };

/** A part of a rule as far as names matter. */
interface Named {
  readonly predicate?: string;
  readonly event?: string;
  readonly where?: readonly { readonly field: string }[];
  readonly property?: string;
  readonly trait?: string;
  readonly steps?: readonly Named[];
  readonly without?: Named;
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
  if (part.trait !== undefined && !isKept(part.trait) && !hasTrait(part.trait, known)) {
    say('trait', 'trait', part.trait, known.traits);
  }
  if (part.event !== undefined && !known.events.has(part.event))
    say('event', 'event', part.event, known.events);
  const fields = part.event === undefined ? undefined : known.fields.get(part.event);
  const check = (name: string, field: string): void => {
    // What lies deeper is not looked at; the context is as clients make it.
    const top = name.split('.')[0] ?? name;
    if (fields !== undefined && !name.startsWith('$') && !fields.has(top)) say(field, 'field', name, fields);
  };
  part.where?.forEach(({ field }, i) => void check(field, `where[${i}].field`));
  if (part.property !== undefined) check(part.property, 'property');
  part.steps?.forEach((step, i) => void problems.push(...inPart(step, `${place}.steps[${i}]`, known)));
  if (part.without !== undefined) problems.push(...inPart(part.without, `${place}.without`, known));
  return problems;
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
