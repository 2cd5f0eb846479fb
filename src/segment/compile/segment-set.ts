/** The segments of a release, compiled, with what they need all together. */
import type { ReleasedDefinition } from '../../govern/contract.ts';
import { key64 } from '../../kernel/ids.ts';
import type { Answer, PersonView } from '../predicates/predicate.ts';
import { findCycles } from '../rules/cycles.ts';
import { segmentsNamed } from '../rules/rule.ts';
import { parseSegment, type SegmentBody } from '../rules/segment-body.ts';
import { isDiscovered } from '../rules/segment-kind.ts';
import type { Signal } from '../rules/signal.ts';
import { type CompiledRule, compileRule } from './compile-rule.ts';

export interface CompiledSegment {
  readonly name: string;
  readonly version: number;
  readonly body: SegmentBody;
  readonly rule: CompiledRule;
  /** Changes exactly when the answer may: with the rule, or with the rule of a segment that it names. */
  readonly fingerprint: string;
  /** False when only SQL can decide it: it asks for sessions, or for a segment that is not there. */
  readonly streamable: boolean;
  /** Keys of its signals, traits, discovered segments, with those of the segments that it names. */
  readonly all_signals: readonly string[];
  readonly all_traits: readonly string[];
  readonly all_discovered: readonly string[];
  /** Holds for a person of whom nothing is known: then everybody has to be looked at. */
  readonly holds_for_nobody_known: boolean;
}

export interface SegmentSet {
  /** In the order of names. */
  readonly segments: readonly CompiledSegment[];
  get(name: string): CompiledSegment | undefined;
  /** Signals by key, with the longest time that an event stays of use to any segment. */
  readonly signals: ReadonlyMap<string, { readonly signal: Signal; readonly keep_ms: number }>;
}

/** Bodies that cannot be read, and rings of segments, are left out: a release refuses both. */
export function compileSet(definitions: readonly ReleasedDefinition[]): SegmentSet {
  const bodies = new Map<string, { version: number; body: SegmentBody }>();
  for (const { name, version, body } of definitions) {
    const parsed = parseSegment(body);
    if (parsed.is === 'segment') bodies.set(name, { version, body: parsed.body });
  }
  const ring = new Set(findCycles(namesIn(bodies)).flat());
  for (const name of ring) bodies.delete(name);
  const done = new Map<string, CompiledSegment | undefined>();
  const compile = (name: string): CompiledSegment | undefined => {
    if (done.has(name)) return done.get(name);
    const found = bodies.get(name);
    if (found === undefined) return undefined;
    const { body, version } = found;
    const rule = compileRule(body.rule, { exclude_bots: body.exclude_bots });
    const parts = rule.needs.segments.map(compile);
    const { segments } = rule.needs;
    const inner = parts.map((part, i) => part?.fingerprint ?? segments[i]);
    const segment: CompiledSegment = {
      name,
      version,
      body,
      rule,
      fingerprint: key64(JSON.stringify([body.rule, body.exclude_bots, inner])),
      streamable:
        !rule.needs.sessions && parts.every((part, i) => part?.streamable ?? isDiscovered(segments[i] ?? '')),
      all_signals: different([
        ...rule.needs.signals.map(({ signal }) => signal.key),
        ...parts.flatMap((part) => part?.all_signals ?? []),
      ]),
      all_traits: different([...rule.needs.traits, ...parts.flatMap((part) => part?.all_traits ?? [])]),
      all_discovered: different([
        ...segments.filter(isDiscovered),
        ...parts.flatMap((part) => part?.all_discovered ?? []),
      ]),
      holds_for_nobody_known: holdsForNobodyKnown(rule),
    };
    done.set(name, segment);
    return segment;
  };
  const names = [...bodies.keys()].sort();
  return setOf(names.map(compile).filter((segment) => segment !== undefined));
}

const namesIn = (bodies: ReadonlyMap<string, { readonly body: SegmentBody }>): Map<string, string[]> =>
  new Map(
    [...bodies].map(([name, { body }]) => [name, segmentsNamed(body.rule).map((named) => named.segment)]),
  );

function setOf(segments: readonly CompiledSegment[]): SegmentSet {
  const byName = new Map(segments.map((segment) => [segment.name, segment]));
  const signals = new Map<string, { signal: Signal; keep_ms: number }>();
  for (const { signal, keep_ms } of segments.flatMap((segment) => segment.rule.needs.signals)) {
    signals.set(signal.key, { signal, keep_ms: Math.max(signals.get(signal.key)?.keep_ms ?? 0, keep_ms) });
  }
  return { segments, get: (name) => byName.get(name), signals };
}

const different = (names: readonly string[]): string[] => [...new Set(names)].sort();

/** A person without events, traits and sessions, who is in no segment. */
const NOBODY: PersonView = {
  marks: () => [],
  trait: () => undefined,
  sessions: () => [],
  segment: () => ({ is: false, until_ms: Number.POSITIVE_INFINITY }),
};

/** A view that answers for other segments of the set, each rule at most once for one moment. */
export function viewIn(
  set: SegmentSet,
  own: Omit<PersonView, 'segment'>,
  seen: Seen,
  /** Membership in segments without a rule. */
  isMember: (name: string) => boolean = () => false,
): PersonView {
  const answers = new Map<string, Answer>();
  const view: PersonView = {
    ...own,
    segment(name, now_ms) {
      const key = `${now_ms} ${name}`;
      const before = answers.get(key);
      if (before !== undefined) return before;
      const segment = set.get(name);
      if (segment === undefined) return { is: isMember(name), until_ms: Number.POSITIVE_INFINITY };
      const answer = answerFor(segment, view, now_ms, seen);
      answers.set(key, answer);
      return answer;
    },
  };
  return view;
}

/** Whether a rule holds for somebody of whom nothing is known. */
export const holdsForNobodyKnown = (rule: CompiledRule): boolean => rule.matches(NOBODY, 0).is;

/** Whether there is any event of the person, and one that was the person's own doing: no bot's, none of Plumbline's. */
export interface Seen {
  readonly seen: boolean;
  readonly known: boolean;
}

/**
 * Whether a person is in a segment. Who was never seen, or by bots' events only, is nobody to a rule that leaves bots out,
 * even when it asks for something that did not happen.
 */
function answerFor(
  segment: CompiledSegment,
  view: PersonView,
  now_ms: number,
  { seen, known }: Seen,
): Answer {
  const is_there = segment.body.exclude_bots ? known : seen;
  if (segment.holds_for_nobody_known && !is_there) return { is: false, until_ms: Number.POSITIVE_INFINITY };
  return segment.rule.matches(view, now_ms);
}
