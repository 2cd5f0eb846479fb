import { Stack, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { GROUPS_PAGE, type GroupDetail, useGroup } from '../api/groups.ts';
import { useSourceName } from '../api/sources.ts';
import { BackLink } from '../elements/back-link.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCounted } from '../elements/number-format.ts';
import { PageHead } from '../elements/page-head.tsx';
import { Paging } from '../elements/paging.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { valueText } from '../elements/value-text.ts';

export function GroupView({ group }: { readonly group: string }) {
  const [page, setPage] = useState(0);
  const query = useGroup(group, page);
  return (
    <>
      <BackLink to="/groups">All groups</BackLink>
      <PageHead
        title={query.data?.name || query.data?.id || 'Group'}
        about={
          query.data === undefined
            ? group
            : `${query.data.type}, ${formatCounted(query.data.members, 'member')}`
        }
      />
      <QueryState query={query}>
        {(data) => (
          <Stack gap="lg">
            <Traits group={data} />
            <Members group={data} page={page} onPage={(by) => setPage(page + by)} />
          </Stack>
        )}
      </QueryState>
    </>
  );
}

function Traits({ group }: { readonly group: GroupDetail }) {
  const sourceName = useSourceName();
  if (group.traits.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2}>Traits</Title>
      <ScrollTable label="Traits of the group" min_width={520}>
        <thead>
          <tr>
            <th>Trait</th>
            <th>Value</th>
            <th>Said</th>
            <th>By</th>
          </tr>
        </thead>
        <tbody>
          {group.traits.map((trait) => (
            <tr key={trait.name}>
              <td className="pl-mono">{trait.name}</td>
              <td style={{ overflowWrap: 'anywhere' }}>{valueText(trait.value)}</td>
              <td>
                <RelativeTime at={trait.at} />
              </td>
              <td>{sourceName(trait.source_id)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

interface MembersProps {
  readonly group: GroupDetail;
  readonly page: number;
  readonly onPage: (by: 1 | -1) => void;
}

function Members({ group, page, onPage }: MembersProps) {
  return (
    <Stack gap="xs">
      <Title order={2}>Members</Title>
      {group.people.length === 0 ? (
        <EmptyNote title="No members">Nobody belongs to it at the moment.</EmptyNote>
      ) : (
        <>
          <ScrollTable label="Members" min_width={480}>
            <thead>
              <tr>
                <th>Person</th>
                <th>Known as</th>
                <th>Since</th>
              </tr>
            </thead>
            <tbody>
              {group.people.map((member) => (
                <tr key={member.person}>
                  <td>
                    <Link to="/people" search={{ open: member.person } as never} className="pl-row-link">
                      {member.name || 'No name'}
                    </Link>
                  </td>
                  <td className="pl-mono">{member.identifier}</td>
                  <td>
                    <RelativeTime at={member.since} />
                  </td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
          <Paging
            first={page * GROUPS_PAGE + 1}
            shown={group.people.length}
            more={group.more}
            order=""
            onPage={onPage}
          />
        </>
      )}
    </Stack>
  );
}
