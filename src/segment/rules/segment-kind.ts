/** What a `segment` definition must be, alone and beside the others of a release. */
import type { Risk } from '../../govern/contract.ts';
import type { DefinitionKind } from '../../kernel/stage.ts';
import { tooMuchInside } from './chains.ts';
import { findCycles } from './cycles.ts';
import { impossibleParts } from './impossible.ts';
import { type KnownNames, NO_NAMES, unknownNames } from './known-names.ts';
import { type RuleProblem, segmentsNamed } from './rule.ts';
import { parseSegment, type SegmentBody } from './segment-body.ts';

export const SEGMENT_KIND = 'segment';
export const SEGMENTATION_KIND = 'segmentation';
const SEGMENTS_MAX = 500;

interface Defined {
  readonly kind: string;
  readonly name: string;
  readonly body: unknown;
}

export type SegmentKind = DefinitionKind & { riskOf(body: unknown): Risk };

interface Deps {
  /** What there is to ask about; undefined while nothing is known yet, and then any name will do. */
  readonly known: () => KnownNames | undefined;
  /** Why a rule says something sensitive about people, empty when it does not. */
  readonly sensitive: (body: SegmentBody) => readonly string[];
}

export const createSegmentKind = ({ known, sensitive }: Deps): SegmentKind => ({
  kind: SEGMENT_KIND,
  summary:
    'An audience: a rule over traits, events, sessions and other segments, with an owner and a purpose.',
  check(body) {
    const parsed = parseSegment(body);
    if (parsed.is === 'refused') return parsed.problems;
    return [...impossibleParts(parsed.body.rule), ...undeclared(parsed.body, sensitive)];
  },
  checkSet: (set, changed) => checkSegments(set, changed, known()),
  // Somebody else than its author has to agree to what says something sensitive.
  riskOf: (body) =>
    (body as { sensitivity?: unknown } | null)?.sensitivity === 'sensitive' ? 'high' : 'low',
});

function undeclared(body: SegmentBody, sensitive: Deps['sensitive']): readonly RuleProblem[] {
  const reasons = body.sensitivity === 'sensitive' ? [] : sensitive(body);
  return reasons.map((reason) => ({
    field: 'sensitivity',
    message: `must be sensitive, which asks for an approval, because ${reason}`,
  }));
}

/** Names that nobody has, rings, too many, and too many in each other. */
export function checkSegments(
  set: readonly Defined[],
  changed: ReadonlySet<string>,
  known: KnownNames | undefined,
): readonly (RuleProblem & { readonly name: string })[] {
  const bodies = new Map<string, SegmentBody>();
  for (const { kind, name, body } of set) {
    if (kind !== SEGMENT_KIND) continue;
    const parsed = parseSegment(body);
    if (parsed.is === 'segment') bodies.set(name, parsed.body);
  }
  const links = new Map([...bodies].map(([name, { rule }]) => [name, segmentsNamed(rule)]));
  const is_there = segmentsIn(set);
  const missing = [...links].flatMap(([name, named]) =>
    named
      .filter(({ segment }) => !is_there(segment))
      .map(({ segment, place }) => ({ name, field: place, message: `there is no segment ${segment}` })),
  );
  const rings = findCycles(
    new Map([...links].map(([name, named]) => [name, named.map((one) => one.segment)])),
  );
  const cycles = rings.map((ring) => ({
    name: ring[0] ?? '',
    field: links.get(ring[0] ?? '')?.find((one) => one.segment === ring[1])?.place ?? 'rule',
    message: `goes round in a circle: ${ring.join(' -> ')}`,
  }));
  const many =
    bodies.size > SEGMENTS_MAX
      ? [
          {
            name: '',
            field: 'name',
            message: `there would be ${bodies.size} segments; at most ${SEGMENTS_MAX} are kept`,
          },
        ]
      : [];
  const names = withDefined(known, set);
  const fresh = names === undefined ? [] : [...bodies].filter(([name]) => changed.has(name));
  const unknown = fresh.flatMap(([name, { rule }]) =>
    unknownNames(rule, names ?? NO_NAMES).map((problem) => ({ name, ...problem })),
  );
  return [...missing, ...cycles, ...many, ...tooMuchInside(bodies, changed), ...unknown];
}

/** Whether a name stands for a segment of the release: one with a rule, or one that a segmentation of it may find. */
export function segmentsIn(
  set: readonly { readonly kind: string; readonly name: string }[],
): (segment: string) => boolean {
  const of = (wanted: string) => set.flatMap(({ kind, name }) => (kind === wanted ? [name] : []));
  const [ruled, found] = [new Set(of(SEGMENT_KIND)), new Set(of(SEGMENTATION_KIND))];
  return (segment) => ruled.has(segment) || (isDiscovered(segment) && found.has(segmentationOf(segment)));
}

/** `segmentation/cluster`: made by a discovered segmentation, which has members and no rule. */
export const isDiscovered = (name: string): boolean => name.includes('/');
export const segmentationOf = (discovered: string): string => discovered.slice(0, discovered.indexOf('/'));

/** Computed traits and planned events of the same release are known, too. */
function withDefined(known: KnownNames | undefined, set: readonly Defined[]): KnownNames | undefined {
  if (known === undefined) return undefined;
  const computed = set.filter(({ kind }) => kind === 'computed-trait').map(({ name }) => name);
  const planned = set.flatMap(({ kind, body }) => (kind === 'tracking-plan' ? plannedEvents(body) : []));
  const fields = new Map(known.fields);
  for (const { event, names } of planned) {
    const seen = fields.get(event);
    if (seen !== undefined) fields.set(event, seen.union(names));
  }
  return {
    events: known.events.union(new Set(planned.map(({ event }) => event))),
    fields,
    traits: known.traits.union(new Set(computed)),
    ...(known.field_types && { field_types: known.field_types }),
    // What a release computes anew may be of another type.
    ...(known.trait_types && {
      trait_types: new Map([...known.trait_types].filter(([name]) => !computed.includes(name))),
    }),
  };
}

interface PlannedEvent {
  readonly event?: unknown;
  readonly schema?: { readonly properties?: object };
}

function plannedEvents(body: unknown): { readonly event: string; readonly names: ReadonlySet<string> }[] {
  const { events } = (body ?? {}) as { readonly events?: readonly PlannedEvent[] };
  return (Array.isArray(events) ? events : [])
    .filter((one: PlannedEvent) => typeof one?.event === 'string' && one.event !== '')
    .map((one: PlannedEvent) => ({
      event: String(one.event),
      names: new Set(Object.keys(one.schema?.properties ?? {})),
    }));
}
