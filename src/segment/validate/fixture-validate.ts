/** The operations of this folder over people in an embedded warehouse, for tests. */
import { z } from 'zod';
import type { Allow } from '../../govern/contract.ts';
import { DAY_MS, fixedClock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { PersonId } from '../../kernel/ids.ts';
import { key64Of } from '../../kernel/key64.ts';
import { createRng } from '../../kernel/rng.ts';
import { param, type Sql, sql } from '../../kernel/sql.ts';
import type { PersonProfile, TraitSql } from '../../profile/contract.ts';
import type { NodeId, PersonDirectory } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { openEvents, PEOPLE, personOf, type StoredEvent } from '../fixture-events.ts';
import { addMembers } from '../fixture-members.ts';
import { askedFields } from './asked-fields.ts';
import { createValidate } from './index.ts';
import { SegmentSet, SegmentSetSummary, SetDecision } from './segment-set-output.ts';
import { createSensitivityJudge } from './sensitivity.service.ts';
import * as output from './validation-output.ts';

export const NOW = Date.parse('2026-11-22T10:00:00.000Z');
const daysAgo = (days: number) => new Date(NOW - days * DAY_MS).toISOString();
const clock = fixedClock(NOW);
const OUTPUTS = {
  'segment-validation.list': output.ListComparison,
  'segment-validation.overlap': output.OverlapMatrix,
  'segment-validation.lift': output.Lift,
  'segment-validation.message-test': output.MessageTest,
  'segment-validation.retention': output.Retention,
  'segment-validation.exclusion': output.ExclusionCheck,
  'segment-validation.sensitivity': output.SensitivityReport,
  'segment-sets.list': z.object({ sets: z.array(SegmentSetSummary) }),
  'segment-sets.get': SegmentSet,
  'segment-sets.decide': SetDecision,
};
export interface ValidationFixture {
  readonly warehouse: Warehouse;
  ask<K extends keyof typeof OUTPUTS>(
    operation: K,
    input: Record<string, unknown>,
    roles?: string[],
  ): Promise<z.infer<(typeof OUTPUTS)[K]>>;
  /** A segment that is not given out from now on. */
  hold(segment: string): void;
  close(): Promise<void>;
}

export const users = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `u${from + i}`);
/** `person` of these users. */
export const peopleSql = (names: readonly string[]): Sql => sql`
  SELECT ${key64Of(sql`concat('user_id:', user)`)} AS person FROM (SELECT arrayJoin(${param(names, 'Array(String)')}) AS user)`;

const explainedPart = (place: string, description: string, more: Record<string, boolean>) => ({
  ...{ place, predicate: 'x', description, is: false, negated: false, decides: true },
  ...more,
});
/** Trait of the first 240 users, and of everybody in `traitNames`. */
const traits: TraitSql = {
  traitQuery: (trait) => {
    const of = (value: Sql) => sql`
      SELECT ${key64Of(sql`concat('user_id:u', toString(number))`)} AS person, ${value} AS value FROM numbers(240)`;
    if (trait === 'household_income')
      return of(sql`toString(if(number < 120, 50000, 20000) + (number * 37) % 9000)`);
    if (trait === 'plan') return sql`SELECT person, '"gold"' AS value FROM (${peopleSql(users(0, 50))})`;
    if (trait === 'religion') return of(sql`if(number % 2 = 0, '"a"', '"b"')`);
    if (trait === '$country') return of(sql`if(number % 2 = 0, '"DE"', '"AT"')`);
    if (trait === '$device_type') return of(sql`'"mobile"'`);
    return undefined;
  },
  traitNames: async () =>
    ['household_income', 'religion', 'plan', 'health_score'].map((name) => ({
      name,
      types: ['string'],
      people: 240,
    })),
};
const BODIES: Readonly<Record<string, unknown>> = {
  big: { all: [{ predicate: 'trait', trait: 'plan' }] },
  odd: { predicate: 'count', event: 'Order Completed' },
  empty: { trait: 'diagnosis.code', path: 'secret' },
};
const allow: Allow = ({ roles }, { object }) =>
  roles.includes('editor') || object !== 'segment-members'
    ? { allowed: true }
    : { allowed: false, reason: 'Only editors see people.' };
const directory: PersonDirectory = {
  nodesOf: async (people) => people.map((p) => [p as string as NodeId]),
  personsOf: async (nodes) => nodes.map((n) => n as string as PersonId),
  identifiersOf: async (people) => people.map(() => []),
  find: async ({ type, value }) =>
    type === 'user_id' && /^u\d+$/.test(value)
      ? { node: personOf(value) as NodeId, person: personOf(value) as PersonId }
      : undefined,
};

/** 300 people who did things, of whom 104 are in `big`, 50 in `half`, 20 in `odd`, and the operations over them. */
export async function openValidation(): Promise<ValidationFixture> {
  const opened = await openEvents();
  const { warehouse, close } = opened;
  let held = '';
  const rng = createRng(4);
  const events: StoredEvent[] = users(0, 300).flatMap((user, i) => {
    const member = i < 100;
    const bought = rng.next() < (member ? 0.6 : 0.2);
    return [
      { user, at: daysAgo(80), event: 'Looked' },
      { user, at: daysAgo(60), event: 'Looked' },
      // The first fifty come back every week; the next fifty not since 40 days.
      ...(i < 50
        ? [0, 1, 2, 3, 4].map((week) => ({ user, at: daysAgo(34 - 7 * week), event: 'Looked' }))
        : []),
      { user, at: daysAgo(40), event: 'Shown', properties: { variant: i % 2 === 0 ? 'a' : 'b' } },
      ...(bought
        ? [
            {
              user,
              at: daysAgo(i < 50 ? 20 : 39),
              event: 'Order Completed',
              properties: { revenue: 10, order_id: `o${i}` },
            },
          ]
        : []),
    ];
  });
  await opened.store(events);
  const [early_ms, late_ms] = [NOW - 50 * DAY_MS, NOW - 10 * DAY_MS];
  await addMembers(warehouse, 'big', peopleSql(users(0, 100)), early_ms);
  await addMembers(warehouse, 'half', peopleSql(users(0, 50)), early_ms);
  await addMembers(warehouse, 'big', peopleSql(users(0, 104)), late_ms);
  await addMembers(warehouse, 'odd', peopleSql([...users(90, 110)]), late_ms);

  const part = createValidate({
    warehouse,
    clock,
    sql: PEOPLE,
    traits,
    directory,
    definitions: {
      current: (kind) =>
        kind === 'segment-precedence'
          ? [
              {
                kind,
                name: 'levels',
                version: 3,
                body: {
                  members: [{ segment: 'odd' }, { segment: 'big' }, { segment: 'half', within: 'big' }],
                  cold_start: [{ segment: 'germans', country: ['DE'] }],
                },
              },
            ]
          : [],
      release: () => 1,
      onRelease: () => {},
    },
    profiles: {
      profilesOf: async (people) =>
        people.map(
          (person): PersonProfile => ({
            person,
            nodes: [],
            names: () => [],
            isPending: () => false,
            read: () => ({ value: 'DE', at_ms: 0, until_ms: 9e15, source_id: 's' }),
          }),
        ),
    },
    allow,
    explain: async (segment, people) => {
      if (segment === 'half') throw new AppError('not_found', { message: 'no rule' });
      return people.map((person) => ({
        person,
        is: person !== personOf('u200') && person !== personOf('u201'),
        parts: [
          explainedPart('any[0]', 'bought twice', { decides: false }),
          explainedPart('any[1].not', 'lives in DE', {
            is: person === personOf('u200'),
            negated: true,
            decides: person !== personOf('u201'),
          }),
        ],
      }));
    },
    exists: async (segment) => ['big', 'half', 'odd', 'empty'].includes(segment) || segment.startsWith('bit'),
    fieldsOf: async (segment) =>
      segment in BODIES ? askedFields(BODIES[segment], (name) => BODIES[name]) : undefined,
    isGivenOut: async () => (segment) => segment !== held,
    names: async () => ({
      events: new Set(['Looked', 'Shown', 'Order Completed']),
      fields: new Map([['Order Completed', new Set(['revenue'])]]),
      traits: new Set(),
    }),
    judge: createSensitivityJudge({ warehouse, clock, traits, sensitiveFields: () => ['trait:secret'] }),
  });
  return {
    warehouse,
    close,
    hold(segment) {
      held = segment;
    },
    async ask(name, input, roles = ['editor']) {
      const operation = part.operations.find((o) => o.name === name);
      if (operation === undefined) throw new Error(`no operation ${name}`);
      const actor = { id: 'u', name: 'Ada', kind: 'user' as const, roles };
      const permitted = allow(actor, operation.access);
      if (!permitted.allowed) throw new AppError('forbidden', { message: permitted.reason });
      const answer = await operation.handle(operation.input.parse(input), { actor, request_id: 'r' });
      return OUTPUTS[name].parse(operation.output.parse(answer)) as never;
    },
  };
}
