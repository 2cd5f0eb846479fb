import { Button, Group, Select, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { usePeople } from '../api/profiles.ts';
import { useMembers } from '../api/segments.ts';
import { useMayEdit } from '../api/session.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { IdentifierText, parseIdentifier } from '../people/identifier-text.tsx';
import { ExplainDrawer } from './explain-drawer.tsx';

interface Props {
  readonly segment: string;
  /** False for a discovered segment: there is no rule that could say why. */
  readonly ruled?: boolean;
}

/** Who is in it, and why anybody is or is not. */
export function SegmentMembers({ segment, ruled = true }: Props) {
  const may_see = useMayEdit();
  const [asked, setAsked] = useState('');
  if (!may_see) {
    return (
      <EmptyNote title="People are for editors">
        Your role sees sizes and changes. Ask an administrator when you need to see who is in a segment.
      </EmptyNote>
    );
  }
  if (!ruled) return <MemberTable segment={segment} />;
  return (
    <Stack gap="sm">
      <AskAbout onAsk={setAsked} />
      <MemberTable segment={segment} onAsk={setAsked} />
      <ExplainDrawer segment={segment} person={asked} onClose={() => setAsked('')} />
    </Stack>
  );
}

/** Anybody, member or not, found as on the page People. */
function AskAbout({ onAsk }: { readonly onAsk: (person: string) => void }) {
  const [text, setText] = useState('');
  const [q] = useDebouncedValue(text.trim(), 300);
  const found = usePeople(q, 0).data?.people ?? [];
  return (
    <Select
      label="Why is somebody in it, or not?"
      placeholder="Identifier, or beginning of a name or e-mail"
      maw={380}
      searchable
      clearable
      clearButtonProps={{ 'aria-label': 'Clear' }}
      nothingFoundMessage="Nobody fits"
      filter={({ options }) => options}
      data={found.map((each) => ({
        value: each.person,
        label: each.name === '' ? each.identifier.value : `${each.name}, ${each.identifier.value}`,
      }))}
      searchValue={text}
      onSearchChange={setText}
      value={null}
      onChange={(person) => person !== null && onAsk(person)}
    />
  );
}

interface TableProps {
  readonly segment: string;
  /** Left out where nothing can say why. */
  readonly onAsk?: (person: string) => void;
}

function MemberTable({ segment, onAsk }: TableProps) {
  const members = useMembers(segment);
  return (
    <QueryState query={members}>
      {({ pages }) => {
        const list = pages.flatMap((page) => page.members);
        if (list.length === 0)
          return (
            <EmptyNote title="Nobody is in it">
              {onAsk === undefined
                ? 'The last run put nobody into it.'
                : 'Nobody fits the rule at the moment.'}
            </EmptyNote>
          );
        return (
          <>
            <ScrollTable label="People in the segment" min_width={620}>
              <thead>
                <tr>
                  <th>Person</th>
                  <th>Also known as</th>
                  <th>Since</th>
                  {onAsk !== undefined && (
                    <th>
                      <span className="pl-hidden">Why</span>
                    </th>
                  )}
                </tr>
              </thead>
              <tbody>
                {list.map((each) => (
                  <tr key={each.person}>
                    <td style={{ maxWidth: 280 }}>
                      <Link to="/people" search={{ open: each.person } as never} className="pl-row-link">
                        <IdentifierText identifier={parseIdentifier(each.identifiers[0] ?? each.person)} />
                      </Link>
                    </td>
                    <td style={{ maxWidth: 320 }}>
                      <span className="pl-mono pl-truncate">
                        {each.identifiers
                          .slice(1, 4)
                          .map((text) => parseIdentifier(text).value)
                          .join(', ')}
                      </span>
                    </td>
                    <td style={{ whiteSpace: 'nowrap' }}>
                      <RelativeTime at={each.since} />
                    </td>
                    {onAsk !== undefined && (
                      <td>
                        <Button
                          size="compact-xs"
                          variant="default"
                          aria-label={`Why is ${each.identifiers[0] ?? each.person} in it?`}
                          onClick={() => onAsk(each.person)}
                        >
                          Why?
                        </Button>
                      </td>
                    )}
                  </tr>
                ))}
              </tbody>
            </ScrollTable>
            <Group justify="space-between" mt="xs">
              <Text size="xs" c="dimmed">
                {formatCount(list.length)} shown
              </Text>
              {members.hasNextPage && (
                <Button
                  variant="default"
                  loading={members.isFetchingNextPage}
                  onClick={() => void members.fetchNextPage()}
                >
                  Show more
                </Button>
              )}
            </Group>
          </>
        );
      }}
    </QueryState>
  );
}
