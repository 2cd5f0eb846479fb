import { z } from 'zod';

export const Group = z.object({
  type: z.string(),
  id: z.string(),
  name: z.string(),
  members: z.number(),
  /** ISO 8601 UTC: the last member that joined. */
  last_joined: z.string().nullable(),
});

export const GroupDetail = Group.extend({
  traits: z.array(z.object({ name: z.string(), value: z.unknown(), at: z.string(), source_id: z.string() })),
  people: z.array(
    z.object({ person: z.string(), identifier: z.string(), name: z.string(), since: z.string() }),
  ),
  more: z.boolean(),
});

export type GroupView = z.infer<typeof Group>;
export type GroupDetailView = z.infer<typeof GroupDetail>;
