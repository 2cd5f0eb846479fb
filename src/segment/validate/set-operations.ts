import { z } from 'zod';
import { type Actor, defineOperation, type Operation } from '../../kernel/operation.ts';
import { SegmentSet, SegmentSetSummary, SetDecision } from './segment-set-output.ts';
import type { SegmentSets } from './segment-sets.service.ts';
import { coarseSet } from './small-cells.ts';

const READ = { action: 'read', object: 'segments' } as const;
const name = z.string().min(1).max(100);
const fact = z.string().max(2_000).optional();

export function segmentSetOperations(sets: SegmentSets, seesPeople: (actor: Actor) => boolean): Operation[] {
  return [
    defineOperation({
      name: 'segment-sets.list',
      summary: 'Released sets of segments of which a person is in one at most',
      method: 'GET',
      path: '/api/segment-sets',
      input: z.object({}),
      output: z.object({ sets: z.array(SegmentSetSummary) }),
      access: READ,
      handle: async () => ({ sets: sets.list() }),
    }),
    defineOperation({
      name: 'segment-sets.get',
      summary: 'One set: sizes before and after, overlaps, and which fallbacks catch newcomers',
      method: 'GET',
      path: '/api/segment-sets/{name}',
      input: z.object({ name }),
      output: SegmentSet,
      access: READ,
      handle: async (input, { actor }) => {
        const set = await sets.show(input.name);
        return seesPeople(actor) ? set : coarseSet(set);
      },
    }),
    defineOperation({
      name: 'segment-sets.decide',
      summary: 'Which segment of the set a person is in, and why; or a newcomer of whom only facts are known',
      method: 'POST',
      path: '/api/segment-sets/{name}/decide',
      input: z.object({
        name,
        person: z
          .string()
          .regex(/^[0-9a-f]{16}$/, 'is the id of a person: 16 hex digits')
          .optional(),
        identifier: z
          .object({ type: z.string().min(1).max(64), value: z.string().min(1).max(512) })
          .optional(),
        facts: z.object({ country: fact, referrer: fact, device: fact }).default({}),
      }),
      output: SetDecision,
      access: { action: 'read', object: 'segment-members' },
      handle: ({ name: set, facts, ...who }) =>
        sets.decide(set, {
          ...who,
          facts: {
            ...(facts.country === undefined ? {} : { country: facts.country }),
            ...(facts.referrer === undefined ? {} : { referrer: facts.referrer }),
            ...(facts.device === undefined ? {} : { device: facts.device }),
          },
        }),
    }),
  ];
}
