/**
 * Refuses regular expressions that a sender could make run for seconds. Backtracking takes exponential time when a
 * repeated group can match one text in two ways, polynomial time when several repetitions can match the same
 * characters one after the other (Davis et al. 2018, “The impact of regular expression denial of service”). The rules
 * are stricter than need be: what passes is safe, and a refused pattern can be written more simply.
 */
import { type Group, PROBES, parsePattern, type Term } from './pattern-parts.ts';

const MAX_PATTERN_CHARACTERS = 500;
/** A bounded repetition above this counts as an unbounded one. */
const MANY = 16;
const MAX_CHOICES = 4_096;
const MAX_DEGREE = 3;
/** Steps grow as choices x length ^ degree: this many take a few tenths of a second at worst. */
const MAX_STEPS = 20_000_000;

export type PatternVerdict =
  | { readonly is: 'safe' /** Longer text counts as not matching. */; readonly max_text_characters: number }
  | { readonly is: 'refused'; readonly message: string };

export function judgePattern(source: string): PatternVerdict {
  if (source.length > MAX_PATTERN_CHARACTERS) {
    return refused(`is longer than ${MAX_PATTERN_CHARACTERS} characters`);
  }
  try {
    new RegExp(source, 'u');
  } catch {
    return refused('is not a regular expression (ECMAScript, with the u flag)');
  }
  const parsed = parsePattern(source);
  if (parsed.is === 'unsupported') return refused(parsed.message);
  const ambiguous = findAmbiguous(parsed.group, false);
  if (ambiguous !== undefined) return refused(ambiguous);
  const overlap = worstOverlap(parsed.group);
  const degree = overlap.degree + (parsed.anchored ? 0 : 1);
  if (degree > MAX_DEGREE || overlap.choices > MAX_CHOICES) {
    return refused(
      'has too many repetitions that can match the same characters: start it with ^ or split it',
    );
  }
  return {
    is: 'safe',
    max_text_characters: Math.floor((MAX_STEPS / overlap.choices) ** (1 / Math.max(1, degree))),
  };
}

const refused = (message: string): PatternVerdict => ({ is: 'refused', message: `the pattern ${message}` });

const isVariable = (term: Term): boolean => term.min !== term.max;
const overlaps = (a: ReadonlySet<string>, b: ReadonlySet<string>): boolean => !a.isDisjointFrom(b);

/** Walks all groups; inside a repeated one every text must have one reading only. */
function findAmbiguous(group: Group, repeated: boolean): string | undefined {
  if (repeated) {
    const problem = ambiguity(group);
    if (problem !== undefined) return problem;
  }
  for (const term of group.options.flat()) {
    if (term.group === undefined) continue;
    const problem = findAmbiguous(term.group, repeated || term.max > 1);
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Sufficient, not necessary: options begin differently, what varies in length shares no character with the rest. */
function ambiguity(group: Group): string | undefined {
  const nested =
    'repeats a group that can match one text in several ways: write it without nested repetition';
  if (group.options.some((option) => option.every((term) => term.nullable))) return nested;
  const { options } = group;
  for (const [i, option] of options.entries()) {
    if (options.some((other, j) => j > i && overlaps(firstOf(option), firstOf(other)))) return nested;
    const varying = option.filter(isVariable);
    for (const term of varying) {
      if (option.some((other) => other !== term && overlaps(term.characters, other.characters)))
        return nested;
    }
    const inner =
      varying.length > 0 || option.some((term) => term.group !== undefined && hasVariable(term.group));
    if (inner && !hasSeparator(options, option)) return nested;
  }
  return undefined;
}

const hasVariable = (group: Group): boolean =>
  group.options
    .flat()
    .some((term) => isVariable(term) || (term.group !== undefined && hasVariable(term.group)));

/** One fixed character, first or last, that occurs nowhere else in the group, tells the rounds apart. */
function hasSeparator(options: readonly (readonly Term[])[], option: readonly Term[]): boolean {
  return [option[0], option.at(-1)].some(
    (term) =>
      term !== undefined &&
      term.group === undefined &&
      term.min === 1 &&
      term.max === 1 &&
      options.flat().every((other) => other === term || !overlaps(other.characters, term.characters)),
  );
}

/** Characters that can start the option. */
function firstOf(option: readonly Term[]): Set<string> {
  const first = new Set<string>();
  for (const term of option) {
    for (const character of term.characters) first.add(character);
    if (!term.nullable) break;
  }
  return first;
}

/** For the worst character: how many long repetitions and how many short choices can match it. */
function worstOverlap(group: Group): { degree: number; choices: number } {
  let degree = 0;
  let choices = 1;
  for (const probe of PROBES) {
    const here = overlapAt(group, probe);
    degree = Math.max(degree, here.degree);
    choices = Math.max(choices, here.choices);
  }
  return { degree, choices };
}

function overlapAt(group: Group, probe: string): { degree: number; choices: number } {
  let degree = 0;
  const options = group.options.filter((option) => firstOf(option).has(probe)).length;
  let choices = Math.max(1, options);
  for (const term of group.options.flat()) {
    if (term.group !== undefined) {
      const inner = overlapAt(term.group, probe);
      degree += inner.degree;
      choices *= inner.choices;
    }
    if (!isVariable(term) || !term.characters.has(probe)) continue;
    if (term.max > MANY) degree += 1;
    else choices *= term.max - term.min + 1;
  }
  return { degree, choices };
}
