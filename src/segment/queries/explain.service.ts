/** Why people are in a segment or not: its rule over their events as they are stored, part by part. */

import type { LoggedEvent } from '../../collect/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Json, TraitSql } from '../../profile/contract.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { type CompiledSegment, type SegmentSet, viewIn } from '../compile/segment-set.ts';
import type { PersonView, SessionFact } from '../predicates/predicate.ts';
import { readable } from '../rules/event-field.ts';
import { leavesOf } from '../rules/rule.ts';
import { byMoment, type Mark } from '../rules/signal.ts';
import type { Explanation } from '../segment-service.ts';
import { weigh } from './decisive.ts';
import {
  eventsOfPeople,
  membershipsOf,
  type PersonEvent,
  type PersonSession,
  seenOf,
  sessionsOf,
  traitsOf,
} from './explain.sql.ts';

interface Deps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly sql: PersonSql;
  readonly traits: TraitSql;
  readonly released: () => SegmentSet;
}

/** Events looked at for all people of one question; the newest count. */
const EVENTS_MAX = 50_000;

/** In the order of `people`. Rejects with `not_found` when no segment of that name has a rule. */
export async function explain(name: string, people: readonly string[], deps: Deps): Promise<Explanation[]> {
  const set = deps.released();
  const segment = set.get(name);
  if (segment === undefined) {
    throw new AppError('not_found', {
      message: `No released segment named ${name} has a rule.`,
      field: 'name',
    });
  }
  const now_ms = deps.clock.now_ms();
  const facts = await read(segment, set, people, now_ms, deps);
  return people.map((person) => explained(segment, set, person, facts, now_ms));
}

interface Facts {
  readonly events: ReadonlyMap<string, readonly PersonEvent[]>;
  readonly seen: ReadonlyMap<string, boolean>;
  readonly traits: ReadonlyMap<string, ReadonlyMap<string, Json>>;
  readonly sessions: ReadonlyMap<string, readonly SessionFact[]>;
  readonly members: ReadonlyMap<string, ReadonlyMap<string, string>>;
}

const grouped = <T>(rows: readonly T[], keyOf: (row: T) => string): Map<string, T[]> =>
  Map.groupBy(rows, keyOf);

async function read(
  segment: CompiledSegment,
  set: SegmentSet,
  people: readonly string[],
  now_ms: number,
  { warehouse, sql: by, traits }: Deps,
): Promise<Facts> {
  const signals = segment.all_signals.flatMap((key) => set.signals.get(key)?.signal ?? []);
  const events =
    signals.length === 0
      ? []
      : await warehouse.query<PersonEvent>(eventsOfPeople(people, signals, by, EVENTS_MAX));
  const seen = await warehouse.query<{ owner: string; known: 0 | 1 }>(seenOf(people, by));
  const sessions = await warehouse.query<PersonSession>(sessionsOf(people));
  const members = await warehouse.query<{ segment: string; owner: string; since: string }>(
    membershipsOf(people),
  );
  const values = new Map<string, Map<string, Json>>();
  for (const trait of segment.all_traits) {
    const query = traits.traitQuery(trait, now_ms);
    const rows =
      query === undefined
        ? []
        : await warehouse.query<{ owner: string; value: string }>(traitsOf(people, query));
    values.set(trait, new Map(rows.map((row) => [row.owner, JSON.parse(row.value) as Json])));
  }
  const facts = sessions.map((s) => ({
    person: s.person_id,
    started_ms: Date.parse(s.started_at),
    ended_ms: Date.parse(s.ended_at),
    pages: s.pages,
    events: s.events,
    campaign: s.campaign,
  }));
  return {
    events: grouped(events, (e) => e.owner),
    seen: new Map(seen.map(({ owner, known }) => [owner, known === 1])),
    traits: values,
    sessions: grouped(facts, (f) => f.person),
    members: new Map(
      [...grouped(members, (m) => m.owner)].map(([owner, rows]) => [
        owner,
        new Map(rows.map((m) => [m.segment, m.since])),
      ]),
    ),
  };
}

function viewOf(person: string, set: SegmentSet, facts: Facts): PersonView {
  const events = (facts.events.get(person) ?? []).map((event) => ({
    at_ms: Date.parse(event.timestamp),
    position: event.position,
    readable: readable(event as unknown as LoggedEvent),
  }));
  const known = facts.seen.get(person);
  return viewIn(
    set,
    {
      marks: (signal) =>
        events
          .flatMap(({ at_ms, position, readable: event }): Mark[] => {
            const value = signal.read(event);
            return value === undefined ? [] : [[at_ms, position, value]];
          })
          .sort(byMoment),
      trait(name) {
        const value = facts.traits.get(name)?.get(person);
        return value === undefined ? undefined : { value, until_ms: Number.POSITIVE_INFINITY };
      },
      sessions: () => facts.sessions.get(person) ?? [],
    },
    { seen: known !== undefined, known: known === true },
    (name) => facts.members.get(person)?.has(name) === true,
  );
}

function explained(
  segment: CompiledSegment,
  set: SegmentSet,
  person: string,
  facts: Facts,
  now_ms: number,
): Explanation {
  const view = viewOf(person, set, facts);
  const answer = view.segment(segment.name, now_ms) ?? { is: false, until_ms: Number.POSITIVE_INFINITY };
  const places = leavesOf(segment.body.rule);
  const truths = segment.rule.leaves.map(({ predicate }) => predicate.matches(view, now_ms).is);
  const weighed = weigh(segment.body.rule, truths);
  const since = facts.members.get(person)?.get(segment.name) ?? null;
  return {
    segment: segment.name,
    person,
    is: answer.is,
    member: since !== null,
    since,
    until: Number.isFinite(answer.until_ms) ? new Date(answer.until_ms).toISOString() : null,
    parts: segment.rule.leaves.map(({ leaf, predicate, description }, i) => ({
      place: places[i]?.place ?? 'rule',
      predicate: leaf.predicate,
      description,
      is: truths[i] === true,
      negated: weighed.parts[i]?.negated === true,
      // Whom the rule would take and who counts as nobody, as bots do, is out by none of its parts.
      decides: weighed.is === answer.is && weighed.parts[i]?.decides === true,
      evidence: predicate.evidence(view, now_ms),
    })),
  };
}
