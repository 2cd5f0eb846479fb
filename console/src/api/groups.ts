import { useQuery } from '@tanstack/react-query';
import { getJson } from './api.ts';

export interface Group {
  readonly type: string;
  readonly id: string;
  readonly name: string;
  readonly members: number;
  readonly last_joined: string | null;
}

export interface GroupDetail extends Group {
  readonly traits: readonly {
    readonly name: string;
    readonly value: unknown;
    readonly at: string;
    readonly source_id: string;
  }[];
  readonly people: readonly {
    readonly person: string;
    readonly identifier: string;
    readonly name: string;
    readonly since: string;
  }[];
  readonly more: boolean;
}

export const GROUPS_PAGE = 50;

const paging = (page: number) => ({ limit: GROUPS_PAGE, offset: page * GROUPS_PAGE });

export function useGroups(q: string, page: number) {
  return useQuery({
    queryKey: ['groups', q, page],
    queryFn: ({ signal }) =>
      getJson<{ groups: readonly Group[]; more: boolean }>('/api/groups', { q, ...paging(page) }, signal),
    placeholderData: (before) => before,
  });
}

/** `key` is `type:id`. */
export function useGroup(key: string, page: number) {
  return useQuery({
    queryKey: ['group', key, page],
    queryFn: ({ signal }) =>
      getJson<GroupDetail>(`/api/groups/${encodeURIComponent(key)}`, paging(page), signal),
    placeholderData: (before) => before,
  });
}
