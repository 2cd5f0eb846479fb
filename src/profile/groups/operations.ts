import { z } from 'zod';
import { seesContacts } from '../../kernel/contacts.ts';
import { defineOperation, type Operation } from '../../kernel/operation.ts';
import { Group, GroupDetail } from './group-schema.ts';
import type { GroupsService } from './groups.service.ts';

export function groupOperations(groups: GroupsService): Operation[] {
  const access = { action: 'read', object: 'profiles' } as const;
  const paging = {
    limit: z.coerce.number().int().min(1).max(500).default(100),
    offset: z.coerce.number().int().min(0).max(100_000).default(0),
  };
  return [
    defineOperation({
      name: 'groups.list',
      summary: 'Groups and accounts, the largest first; those whose id begins with `q`.',
      method: 'GET',
      path: '/api/groups',
      input: z.object({ type: z.string().max(40).optional(), q: z.string().max(300).default(''), ...paging }),
      output: z.object({ groups: z.array(Group), more: z.boolean() }),
      access,
      handle: (ask) => groups.list(ask),
    }),
    defineOperation({
      name: 'groups.show',
      summary: 'One group with its traits and members. `type:id`, or the id alone for an account.',
      method: 'GET',
      path: '/api/groups/{key}',
      input: z.object({ key: z.string().min(1).max(600), ...paging }),
      output: GroupDetail,
      access,
      handle: ({ key, ...page }, { actor }) => groups.show(key, page, seesContacts(actor)),
    }),
  ];
}
