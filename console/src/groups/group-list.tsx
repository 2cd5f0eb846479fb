import { Stack, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { GROUPS_PAGE, useGroups } from '../api/groups.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { Paging } from '../elements/paging.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';

interface Asked {
  readonly q: string;
  readonly page: number;
}

export function GroupList({
  asked,
  onAsk,
}: {
  readonly asked: Asked;
  readonly onAsk: (asked: Asked) => void;
}) {
  const [text, setText] = useState(asked.q);
  const ask = useDebouncedCallback((q: string) => onAsk({ q: q.trim(), page: 0 }), 250);
  const groups = useGroups(asked.q, asked.page);
  return (
    <Stack gap="sm">
      <TextInput
        type="search"
        aria-label="Find a group"
        placeholder="Beginning of the id"
        maw={320}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          ask(event.currentTarget.value);
        }}
      />
      <QueryState query={groups}>
        {(data) =>
          data.groups.length === 0 ? (
            <EmptyNote title={asked.q === '' ? 'No groups yet' : 'No group fits'}>
              Groups come with group calls, or from an import with a column for the account.
            </EmptyNote>
          ) : (
            <>
              <ScrollTable label="Groups" min_width={560}>
                <thead>
                  <tr>
                    <th>Name</th>
                    <th>Kind</th>
                    <th>Id</th>
                    <th data-number>Members</th>
                    <th>Last joined</th>
                  </tr>
                </thead>
                <tbody>
                  {data.groups.map((group) => (
                    <tr key={`${group.type}:${group.id}`}>
                      <td style={{ maxWidth: 280 }}>
                        <Link
                          to="/groups"
                          search={{ open: `${group.type}:${group.id}` } as never}
                          className="pl-row-link"
                        >
                          {group.name || group.id}
                        </Link>
                      </td>
                      <td>{group.type}</td>
                      <td className="pl-mono">{group.id}</td>
                      <td data-number>{formatCount(group.members)}</td>
                      <td>
                        <RelativeTime at={group.last_joined} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </ScrollTable>
              <Paging
                first={asked.page * GROUPS_PAGE + 1}
                shown={data.groups.length}
                more={data.more}
                order="largest first"
                onPage={(by) => onAsk({ ...asked, page: asked.page + by })}
              />
            </>
          )
        }
      </QueryState>
    </Stack>
  );
}
