import { z } from 'zod';
import type { Allow } from '../govern/contract.ts';
import { type Actor, defineOperation, type Operation } from '../kernel/operation.ts';
import { PREDICATES } from './predicates/index.ts';
import { DiscoveredDetail, DiscoveredSummary, SharedPeople } from './queries/discovered-output.ts';
import { EVERY } from './rules/segment-body.ts';
import type { FieldCatalogue, SegmentService } from './segment-service.ts';
import { UseSummary } from './use/use-output.ts';
import { coarseShared } from './validate/small-cells.ts';

const READ = { action: 'read', object: 'segments' } as const;
const WRITE = { action: 'write', object: 'segments' } as const;
/** People by name: not for everybody who may see sizes. */
const PEOPLE = { action: 'read', object: 'segment-members' } as const;

const name = z.string().min(1).max(200);
const person = z.string().regex(/^[0-9a-f]{16}$/, 'is the id of a person: 16 hex digits');
const limit = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);

const size = { estimate: z.number(), low: z.number(), high: z.number(), exact: z.boolean() };
const cost = { seconds: z.number(), rows_read: z.number(), bytes_read: z.number() };
const every = z.enum(EVERY);

const summary = {
  name: z.string(),
  label: z.string(),
  description: z.string(),
  owner: z.string(),
  purpose: z.string(),
  teams: z.array(z.string()).readonly(),
  sensitivity: z.enum(['normal', 'sensitive']),
  version: z.number(),
  exclude_bots: z.boolean(),
  every,
  decided_by: z.enum(['stream', 'scan']),
  state: z.enum(['building', 'failed', 'live']),
  problem: z.string().nullable().describe('why it could not be worked out, in words'),
  use: UseSummary,
  people: z.number().nullable(),
  entered_7d: z.number(),
  exited_7d: z.number(),
  refreshed_at: z.string().nullable(),
  cost: z.object(cost).nullable(),
  advice: z.object({ every, reasons: z.array(z.string()).readonly() }),
  uses: z.array(z.string()).readonly(),
  used_by: z.array(z.string()).readonly(),
};
const part = { place: z.string(), predicate: z.string(), description: z.string() };
const problems = z.array(z.object({ field: z.string(), message: z.string() })).readonly();

const change = z.object({
  change_id: z.string(),
  segment: z.string(),
  segment_version: z.number(),
  person: z.string(),
  what: z.enum(['entered', 'exited']),
  at: z.string(),
  cause: z.string(),
});

export function segmentOperations(service: SegmentService, allow: Allow): readonly Operation[] {
  // Viewers get numbers.
  const seesPeople = (actor: Actor): boolean => allow(actor, PEOPLE).allowed;
  return [
    ...ruleOperations(service, seesPeople),
    ...readOperations(service, seesPeople),
    ...peopleOperations(service),
  ];
}

const previewOutput = z.object({
  people: z.object(size),
  of: z.number(),
  looked_at: z.number(),
  trend: z.array(z.object({ at: z.string(), ...size })).readonly(),
  overlap: z
    .array(
      z.object({
        segment: z.string(),
        label: z.string(),
        people: z.number(),
        both: z.object(size),
        share: z.number().nullable(),
      }),
    )
    .readonly(),
  sample: z.array(z.object({ person: z.string(), identifiers: z.array(z.string()).readonly() })).readonly(),
  took_ms: z.number(),
  notes: z.array(z.string()).readonly(),
});

const field = z.object({
  name: z.string(),
  types: z.array(z.string()).readonly(),
  examples: z.array(z.unknown()).readonly(),
});

function ruleOperations(
  service: SegmentService,
  seesPeople: (actor: Actor) => boolean,
): readonly Operation[] {
  return [
    defineOperation({
      name: 'segment-rules.predicates',
      summary: 'What a rule can ask: each predicate with the JSON schema of its fields',
      method: 'GET',
      path: '/api/segment-rules/predicates',
      input: z.object({}),
      output: z.object({
        predicates: z.array(
          z.object({ name: z.string(), title: z.string(), summary: z.string(), schema: z.unknown() }),
        ),
      }),
      access: READ,
      handle: async () => ({
        predicates: PREDICATES.map(({ name: id, title, summary: text, schema }) => ({
          name: id,
          title,
          summary: text,
          schema: z.toJSONSchema(schema, { io: 'input' }),
        })),
      }),
    }),
    defineOperation({
      name: 'segment-rules.fields',
      summary: 'What there is to ask about: events with their fields, traits, segments',
      method: 'GET',
      path: '/api/segment-rules/fields',
      input: z.object({}),
      output: z.object({
        events: z
          .array(
            z.object({
              event: z.string(),
              type: z.string(),
              seen_30d: z.number(),
              fields: z.array(field).readonly(),
            }),
          )
          .readonly(),
        traits: z.array(field.extend({ people: z.number() })).readonly(),
        segments: z.array(z.object({ name: z.string(), label: z.string() })).readonly(),
      }),
      access: READ,
      // Examples are what people said of themselves: names, addresses.
      handle: async (_, { actor }) => {
        const known = await service.fields();
        return seesPeople(actor) ? known : withoutExamples(known);
      },
    }),
    defineOperation({
      name: 'segment-rules.check',
      summary: 'What is wrong with the body of a segment, each with its place in the rule; changes nothing',
      method: 'POST',
      path: '/api/segment-rules/check',
      input: z.object({ name: name.default('draft'), body: z.unknown() }),
      output: z.object({ problems }),
      access: READ,
      handle: async ({ body, name: id }) => ({ problems: await service.check(body, id) }),
    }),
    defineOperation({
      name: 'segment-rules.preview',
      summary:
        'Size of a rule before it is saved, with its interval, trend, overlap with other segments, and some people',
      method: 'POST',
      path: '/api/segment-rules/preview',
      input: z.object({
        rule: z.unknown(),
        exclude_bots: z.boolean().default(true),
        trend_days: z.number().int().min(0).max(90).default(28).describe('0: no trend'),
        sample: z.number().int().min(0).max(50).default(10),
      }),
      output: previewOutput,
      access: READ,
      handle: ({ rule, exclude_bots, trend_days, sample }, { actor }) =>
        service.preview({ rule, exclude_bots, trend_days, sample }, seesPeople(actor)),
    }),
  ];
}

function readOperations(
  service: SegmentService,
  seesPeople: (actor: Actor) => boolean,
): readonly Operation[] {
  return [
    defineOperation({
      name: 'segments.list',
      summary: 'Released segments with size, changes, what a refresh costs and how often one is worth it',
      method: 'GET',
      path: '/api/segments',
      input: z.object({}),
      output: z.object({
        segments: z.array(z.object(summary)).readonly(),
        discovered: z.array(DiscoveredSummary).readonly().describe('those that a segmentation found'),
      }),
      access: READ,
      handle: async () => ({
        segments: await service.list(),
        discovered: await service.listDiscovered(),
      }),
    }),
    defineOperation({
      name: 'segments.show',
      summary: 'One segment with its rule, or with what sets its people apart when it was discovered',
      method: 'GET',
      path: '/api/segments/{name}',
      input: z.object({ name }),
      output: z.discriminatedUnion('kind', [
        z.object({
          kind: z.literal('rule'),
          ...summary,
          rule: z.unknown(),
          parts: z.array(z.object(part)).readonly(),
        }),
        DiscoveredDetail,
      ]),
      access: READ,
      handle: ({ name: id }) => service.show(id),
    }),
    defineOperation({
      name: 'segments.overlap',
      summary: 'With which other segments it shares people, and how many, as they are kept now',
      method: 'GET',
      path: '/api/segments/{name}/overlap',
      input: z.object({ name }),
      output: z.object({ segments: z.array(SharedPeople).readonly() }),
      access: READ,
      handle: async ({ name: id }, { actor }) => {
        const segments = await service.overlap(id);
        return { segments: seesPeople(actor) ? segments : segments.map(coarseShared) };
      },
    }),
    defineOperation({
      name: 'segments.trend',
      summary: 'Size, and who entered and exited by themselves, for each day (UTC)',
      method: 'GET',
      path: '/api/segments/{name}/trend',
      input: z.object({ name, days: limit(365, 30) }),
      output: z.object({
        days: z
          .array(z.object({ day: z.string(), people: z.number(), entered: z.number(), exited: z.number() }))
          .readonly(),
      }),
      access: READ,
      handle: async ({ name: id, days }) => ({ days: await service.trend(id, days) }),
    }),
    defineOperation({
      name: 'segments.refresh',
      summary: 'Work out segments for everybody now, in the background; shown under runs',
      method: 'POST',
      path: '/api/segments/refresh',
      input: z.object({ segments: z.array(name).max(500).default([]).describe('empty: all of them') }),
      output: z.object({ run_id: z.string() }),
      access: WRITE,
      audit: ['segments'],
      handle: ({ segments }, { actor }) => service.refresh(segments, actor),
    }),
    defineOperation({
      name: 'segments.refreshes',
      summary: 'Refreshes with what each one cost, newest first',
      method: 'GET',
      path: '/api/segment-refreshes',
      input: z.object({ limit: limit(500, 50) }),
      output: z.object({
        refreshes: z
          .array(
            z.object({
              at: z.string(),
              segments: z.array(z.string()).readonly(),
              cause: z.string(),
              people: z.number(),
              entered: z.number(),
              exited: z.number(),
              ...cost,
            }),
          )
          .readonly(),
      }),
      access: READ,
      handle: async ({ limit: most }) => ({ refreshes: await service.refreshes(most) }),
    }),
  ];
}

const withoutExamples = ({ events, traits, ...rest }: FieldCatalogue): FieldCatalogue => ({
  ...rest,
  events: events.map((one) => ({ ...one, fields: one.fields.map((field) => ({ ...field, examples: [] })) })),
  traits: traits.map((one) => ({ ...one, examples: [] })),
});

const page = { limit: limit(1_000, 100), after: person.optional() };

function peopleOperations(service: SegmentService): readonly Operation[] {
  return [
    defineOperation({
      name: 'segments.members',
      summary: 'People who are in the segment, by id; of held segments too, for those who look after them',
      method: 'GET',
      path: '/api/segments/{name}/members',
      input: z.object({ name, ...page }),
      output: z.object({
        members: z
          .array(
            z.object({ person: z.string(), since: z.string(), identifiers: z.array(z.string()).readonly() }),
          )
          .readonly(),
        next: z.string().nullable(),
      }),
      access: PEOPLE,
      handle: ({ name: id, limit: most, after }) => service.members(id, { limit: most, after }),
    }),
    defineOperation({
      name: 'segments.changes',
      summary: 'Who entered and who exited, and why, newest first',
      method: 'GET',
      path: '/api/segment-changes',
      input: z.object({ segment: name.optional(), person: person.optional(), limit: limit(1_000, 100) }),
      output: z.object({ changes: z.array(change).readonly() }),
      access: PEOPLE,
      handle: async (filter) => ({ changes: await service.changes(filter) }),
    }),
    defineOperation({
      name: 'segments.explain',
      summary: 'Why people are in a segment or not: each part of the rule with what it rests on',
      method: 'POST',
      path: '/api/segments/{name}/explain',
      input: z.object({ name, people: z.array(person).min(1).max(100) }),
      output: z.object({
        explanations: z
          .array(
            z.object({
              segment: z.string(),
              person: z.string(),
              is: z.boolean(),
              member: z.boolean(),
              since: z.string().nullable(),
              until: z.string().nullable(),
              parts: z
                .array(
                  z.object({
                    ...part,
                    is: z.boolean(),
                    negated: z.boolean().describe('under an odd number of `not`: helps by being false'),
                    decides: z.boolean().describe('makes the answer what it is'),
                    evidence: z.unknown(),
                  }),
                )
                .readonly(),
            }),
          )
          .readonly(),
      }),
      access: PEOPLE,
      handle: async ({ name: id, people }) => ({ explanations: await service.explain(id, people) }),
    }),
    defineOperation({
      name: 'segments.export',
      summary: 'Members as CSV: person, since, identifiers; page by page. Refused while the segment is held',
      method: 'GET',
      path: '/api/segments/{name}/export',
      input: z.object({ name, limit: limit(10_000, 10_000), after: person.optional() }),
      output: z.object({ csv: z.string(), rows: z.number(), next: z.string().nullable() }),
      access: PEOPLE,
      audit: ['name'],
      handle: ({ name: id, limit: most, after }) => service.exportCsv(id, { limit: most, after }),
    }),
  ];
}
