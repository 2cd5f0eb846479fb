/**
 * What a rule would give before it is saved. Looks at everybody while that is quick, else at a sample of people that does
 * not depend on the rule, and then says every number with its interval (Wilson, 95 %, scaled to everybody).
 */
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { PersonDirectory, PersonSql } from '../../resolve/contract.ts';
import { wilsonInterval } from '../../stats/wilson.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { compileRule } from '../compile/compile-rule.ts';
import { engineProblem } from '../compile/engine-problem.service.ts';
import { scanSql } from '../compile/scan.sql.ts';
import { holdsForNobodyKnown, type SegmentSet } from '../compile/segment-set.ts';
import type { FoundSegments } from '../discover/found-segments.service.ts';
import { type Sizes, sizesOf } from '../refresh/refresh.sql.ts';
import { tooMuchInside } from '../rules/chains.ts';
import { parseRule, type RuleProblem, segmentsNamed } from '../rules/rule.ts';
import { isDiscovered } from '../rules/segment-kind.ts';
import type { Preview, PreviewRequest, SizeEstimate } from '../segment-service.ts';
import type { DraftGuard } from '../validate/draft-sensitivity.service.ts';
import {
  countEverybody,
  countSample,
  hitsOf,
  inSample,
  membersInSample,
  nodesInSample,
  type Sample,
} from './preview.sql.ts';
import { withoutSmallSizes } from './small-sizes.ts';

interface Deps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly sql: PersonSql;
  readonly traits: TraitSql;
  readonly directory: PersonDirectory;
  readonly released: () => SegmentSet;
  readonly found: Pick<FoundSegments, 'list'>;
  readonly draftGuard: DraftGuard;
}

/** Up to here everybody is looked at. */
const ALL_EVENTS = 2_000_000;
const ALL_PEOPLE = 50_000;
/** People of a sample; fewer where their events are scattered over a large table. */
const SAMPLE_PEOPLE = 10_000;
const SAMPLE_PEOPLE_LARGE = 3_000;
const LARGE_EVENTS = 8_000_000;
const TREND_POINTS = 7;
/** People whose traits are looked at for what they would give away. */
const GUARDED_PEOPLE = 5_000;
/** People whom one query can name. */
const KEYS_AT_ONCE = 10_000;
const OVERLAPS_SHOWN = 30;
const REMEMBER_MS = 60_000;

export function createPreview(
  deps: Deps,
): (request: PreviewRequest, may_see_people: boolean) => Promise<Preview> {
  const { warehouse, clock } = deps;
  let size: { readonly at_ms: number; readonly people: number; readonly events: number } | undefined;

  const sizes = async (least_people = 0) => {
    if (size === undefined || size.people < least_people || clock.now_ms() - size.at_ms > REMEMBER_MS) {
      const people = (await warehouse.query<{ people: number }>(countEverybody()))[0]?.people ?? 0;
      const events = (await warehouse.query<Sizes>(sizesOf()))[0]?.events ?? 0;
      size = { at_ms: clock.now_ms(), people, events };
    }
    return size;
  };

  return async (request, may_see_people) => {
    const began_ms = clock.now_ms();
    const { rule, notes } = compiled(request, deps);
    let all = await sizes();
    const sample = sampleOf(all);
    let of_sample =
      sample.share >= 1
        ? all.people
        : ((await warehouse.query<{ people: number }>(countSample(sample)))[0]?.people ?? 0);
    const moments = momentsOf(began_ms, request.trend_days);
    const questions = moments.map((now_ms) => ({
      rule,
      exclude_bots: request.exclude_bots,
      holds_for_nobody_known: holdsForNobodyKnown(rule),
      now_ms,
    }));
    const set = deps.released();
    const scan = scanSql(questions, {
      sql: deps.sql,
      traits: deps.traits,
      set,
      now_ms: began_ms,
      people: inSample(sample),
      nodes: nodesInSample(sample),
    });
    const rows = await asked(warehouse.query<Hits>(hitsOf(scan)));
    const counts = moments.map((_, i) => rows.filter((row) => row.hits[i] === 1).length);
    // More than were there when everybody was counted: people come while history is loaded.
    if (sample.share >= 1 && Math.max(...counts) > all.people) {
      all = await sizes(Math.max(...counts));
      all = { ...all, people: Math.max(all.people, ...counts) };
      of_sample = all.people;
    }
    const estimate = (hits: number): SizeEstimate => scaled(hits, of_sample, all.people, sample);
    const now = moments.length - 1;
    const hits = rows.filter((row) => row.hits[now] === 1).map((row) => row.person);
    const { part, mine } = fewerOf(hits, of_sample, sample);
    const draft = { people: mine, among: inSample(part), named: rule.needs.traits };
    const held = may_see_people ? await deps.draftGuard(draft) : [];
    const preview: Preview = {
      people: estimate(hits.length),
      of: all.people,
      looked_at: sample.share,
      trend:
        moments.length < 2
          ? []
          : moments.map((at_ms, i) => ({
              at: new Date(at_ms).toISOString(),
              ...estimate(counts[i] ?? 0),
            })),
      overlap: await overlapsOf(hits, sample, estimate, deps),
      sample: may_see_people ? await shown(hits.slice(0, request.sample), deps.directory) : [],
      took_ms: clock.now_ms() - began_ms,
      notes: [...held, ...notes, ...notesOf(sample, moments.length, rule.needs.traits.length > 0)],
    };
    return may_see_people ? preview : withoutSmallSizes(preview);
  };
}

interface Hits {
  readonly person: string;
  readonly hits: readonly (0 | 1)[];
}

/** No segment has this name: not even a letter is in it. */
const DRAFT = '';

const refusal = (issues: readonly RuleProblem[]): AppError =>
  new AppError('invalid_input', {
    message: 'The rule has problems.',
    field: issues[0]?.field ?? 'rule',
    issues,
  });

/** What the engine cannot answer is the rule's fault. */
async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    const problem = engineProblem(error);
    throw problem === undefined ? error : refusal([{ field: 'rule', message: problem }]);
  }
}

function compiled({ rule: body, exclude_bots }: PreviewRequest, { released }: Deps) {
  const parsed = parseRule(body);
  if (parsed.is === 'refused') throw refusal(parsed.problems);
  const missing = segmentsNamed(parsed.rule).find(
    ({ segment }) => released().get(segment) === undefined && !isDiscovered(segment),
  );
  if (missing !== undefined) {
    const message = `There is no released segment ${missing.segment}.`;
    throw new AppError('invalid_input', {
      message,
      field: missing.place,
      issues: [{ field: missing.place, message }],
    });
  }
  const bodies = new Map(released().segments.map(({ name, body: { rule } }) => [name, { rule }]));
  const draft = [...tooMuchInside(bodies.set(DRAFT, { rule: parsed.rule }), new Set([DRAFT]))];
  if (draft[0] !== undefined) throw refusal([{ field: draft[0].field, message: draft[0].message }]);
  const rule = compileRule(parsed.rule, { exclude_bots });
  return {
    rule,
    notes: rule.needs.sessions ? ['Asks for sessions: it would be refreshed, not decided at once.'] : [],
  };
}

function sampleOf({ people, events }: { readonly people: number; readonly events: number }): Sample {
  if (people <= ALL_PEOPLE && events <= ALL_EVENTS) return { share: 1 };
  const wanted = events > LARGE_EVENTS ? SAMPLE_PEOPLE_LARGE : SAMPLE_PEOPLE;
  return { share: Math.min(1, wanted / Math.max(1, people)) };
}

/** From `days` ago until now. */
function momentsOf(now_ms: number, days: number): number[] {
  const points = Math.min(TREND_POINTS, days);
  return [
    ...Array.from({ length: points }, (_, i) => now_ms - ((points - i) / points) * days * DAY_MS).map(
      Math.round,
    ),
    now_ms,
  ];
}

function scaled(hits: number, looked_at: number, of: number, { share }: Sample): SizeEstimate {
  if (share >= 1) return { estimate: hits, low: hits, high: hits, exact: true };
  const { share: part, low, high } = wilsonInterval(Math.min(hits, looked_at), looked_at);
  return {
    estimate: Math.round(part * of),
    low: Math.floor(low * of),
    high: Math.ceil(high * of),
    exact: false,
  };
}

/** Of the sample and of the people found in it fewer: traits are many. */
function fewerOf(hits: readonly string[], of_sample: number, { share }: Sample) {
  const part: Sample = { share: share * Math.min(1, GUARDED_PEOPLE / Math.max(1, of_sample)) };
  const bound = part.share * 2 ** 32;
  return { part, mine: hits.filter((person) => Number.parseInt(person.slice(0, 8), 16) < bound) };
}

/**
 * Counted over all that were found: everybody, or the sample, which is scaled like the size. Sizes of the others are of the
 * same people: counting all members would take longer than the preview.
 */
async function overlapsOf(
  hits: readonly string[],
  sample: Sample,
  estimate: (hits: number) => SizeEstimate,
  { warehouse, released, found: discovered }: Deps,
): Promise<Preview['overlap']> {
  const members = new Map<string, { readonly people: number; readonly both: number }>();
  for (let from = 0; from === 0 || from < hits.length; from += KEYS_AT_ONCE) {
    const some = hits.slice(from, from + KEYS_AT_ONCE);
    const rows = await warehouse.query<{ segment: string; people: number; both: number }>(
      membersInSample(sample, some),
    );
    for (const { segment, people, both } of rows)
      members.set(segment, { people, both: (members.get(segment)?.both ?? 0) + both });
  }
  const titles = new Map((await discovered.list()).map(({ name, cluster }) => [name, cluster.title]));
  const found = [...members].map(([segment, { people, both }]) => {
    return {
      segment,
      label: released().get(segment)?.body.label ?? titles.get(segment) ?? segment,
      people: estimate(people).estimate,
      both: estimate(both),
      share: hits.length === 0 ? null : both / hits.length,
    };
  });
  return found
    .sort((a, b) => b.both.estimate - a.both.estimate || (a.segment < b.segment ? -1 : 1))
    .slice(0, OVERLAPS_SHOWN);
}

async function shown(people: readonly string[], directory: PersonDirectory): Promise<Preview['sample']> {
  const identifiers = await directory.identifiersOf(people as readonly PersonId[]);
  return people.map((person, i) => ({
    person,
    identifiers: (identifiers[i] ?? []).map(({ type, value }) => `${type}:${value}`),
  }));
}

function notesOf({ share }: Sample, moments: number, has_traits: boolean): string[] {
  return [
    ...(share < 1
      ? [
          `Looked at ${(share * 100).toPrecision(2)} % of the people; numbers are estimates with 95 % intervals.`,
        ]
      : []),
    ...(moments > 1 && has_traits ? ['The trend takes traits as they are known today.'] : []),
  ];
}
