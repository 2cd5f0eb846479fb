/** The definition kind `segment-precedence`: a set of segments of which a person is in one at most. */

import { z } from 'zod';
import { fieldIssues, inWords } from '../../kernel/in-words.ts';
import type { DefinitionKind } from '../../kernel/stage.ts';
import { segmentsIn } from '../rules/segment-kind.ts';

export const PRECEDENCE_KIND = 'segment-precedence';
export const POLICIES = ['priority', 'largest_value', 'most_recent', 'none_when_conflict'] as const;

const segment = z.string().min(1).max(200);
const some = z.array(z.string().min(1).max(100)).min(1).max(300);

const Body = z
  .strictObject({
    description: z.string().max(2_000).default(''),
    owner: z.string().max(200).default(''),
    /** In order of priority. */
    members: z
      .array(
        z.strictObject({
          segment,
          /** Counts only for people who are in that member too, and is more specific than it: a hierarchy. */
          within: segment.optional(),
          /** What a person in it is worth, for `largest_value`. */
          value: z.number().optional(),
        }),
      )
      .min(2)
      .max(50),
    /** Who of two members on the same level gets a person of both. */
    policy: z.enum(POLICIES).default('priority'),
    /** For people in no member, from what the first request shows; the first whose conditions all hold counts. */
    cold_start: z
      .array(
        z.strictObject({
          segment,
          /** As `$country`, for example `DE`. */
          country: some.optional(),
          /** Host of the referrer, with those below it; `direct` for none. */
          referrer: some.optional(),
          /** As `$device_type`, for example `mobile`. */
          device: some.optional(),
        }),
      )
      .max(50)
      .default([]),
  })
  .superRefine(({ members, policy }, context) => {
    const problem = (path: (string | number)[], message: string) =>
      context.addIssue({ code: 'custom', path, message });
    const names = members.map((m) => m.segment);
    const above = new Map(members.map((m) => [m.segment, m.within]));
    members.forEach((member, i) => {
      if (names.indexOf(member.segment) !== i)
        problem(['members', i, 'segment'], 'appears more than once; keep one');
      if (policy === 'largest_value' && member.value === undefined) {
        problem(['members', i, 'value'], '`largest_value` needs the value of every member');
      }
      if (member.within === undefined) return;
      if (!names.includes(member.within)) problem(['members', i, 'within'], 'is not a member of this set');
      const passed = new Set<string>();
      for (let at: string | undefined = member.segment; at !== undefined; at = above.get(at)) {
        if (passed.has(at)) {
          problem(['members', i, 'within'], 'goes round in a circle');
          return;
        }
        passed.add(at);
      }
    });
  });
export type Precedence = z.infer<typeof Body>;

export const parsePrecedence = (body: unknown): Precedence => Body.parse(body);

export const precedenceKind: DefinitionKind = {
  kind: PRECEDENCE_KIND,
  summary:
    'Segments of which a person is in one at most: order, hierarchy, conflict policy, fallbacks for new people.',
  check: (body) => fieldIssues(Body.safeParse(body, { error: inWords }).error),
  /** All sets, not those alone that change: a segment that one of them names may be what goes. */
  checkSet(set) {
    const is_there = segmentsIn(set);
    return set
      .filter(({ kind }) => kind === PRECEDENCE_KIND)
      .flatMap(({ name, body }) => {
        const parsed = Body.safeParse(body);
        if (!parsed.success) return [];
        const { members, cold_start } = parsed.data;
        const named = (list: string, of: readonly { readonly segment: string }[]) =>
          of.map(({ segment }, i) => ({ segment, field: `${list}[${i}].segment` }));
        return [...named('members', members), ...named('cold_start', cold_start)]
          .filter(({ segment }) => !is_there(segment))
          .map(({ segment, field }) => ({ name, field, message: `there is no segment ${segment}` }));
      });
  },
};
