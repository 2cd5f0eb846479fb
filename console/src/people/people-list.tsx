import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { type FoundPerson, PEOPLE_PAGE, usePeople } from '../api/profiles.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { Paging } from '../elements/paging.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { IdentifierText } from './identifier-text.tsx';
import { lookOf, typeWords } from './identifier-types.ts';

interface Asked {
  readonly q: string;
  readonly page: number;
}

interface Props {
  readonly asked: Asked;
  readonly onAsk: (asked: Asked) => void;
}

export function PeopleList({ asked, onAsk }: Props) {
  const people = usePeople(asked.q, asked.page);
  return (
    <Stack gap="sm">
      <Group gap="sm">
        <Search value={asked.q} onAsk={(q) => onAsk({ q, page: 0 })} />
        <Text size="xs" c="dimmed" style={{ flex: '1 1 220px' }}>
          A whole identifier (user id, e-mail, phone, device…), or the beginning of a name or e-mail.
        </Text>
      </Group>
      <QueryState query={people} lines={10}>
        {(found) =>
          found.people.length === 0 ? (
            <Nobody asked={asked} onClear={() => onAsk({ q: '', page: 0 })} />
          ) : (
            <>
              <PeopleTable people={found.people} searched={asked.q !== ''} />
              <Paging
                first={asked.page * PEOPLE_PAGE + 1}
                shown={found.people.length}
                more={found.more}
                order={asked.q === '' ? 'last seen first' : ''}
                onPage={(by) => onAsk({ ...asked, page: asked.page + by })}
              />
            </>
          )
        }
      </QueryState>
    </Stack>
  );
}

/** `/` puts the cursor here; the server is asked after a pause in typing. */
function Search({ value, onAsk }: { readonly value: string; readonly onAsk: (q: string) => void }) {
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const ask = useDebouncedCallback(onAsk, 250);
  useHotkeys([['/', () => field.current?.focus()]]);
  return (
    <TextInput
      ref={field}
      type="search"
      autoComplete="off"
      aria-label="Find a person"
      placeholder="Find a person (press /)"
      leftSection={<IconSearch size={14} aria-hidden />}
      style={{ flex: '1 1 240px', maxWidth: 380 }}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        ask(event.currentTarget.value.trim());
      }}
    />
  );
}

function Nobody({ asked, onClear }: { readonly asked: Asked; readonly onClear: () => void }) {
  if (asked.q === '') {
    return (
      <EmptyNote title="Nobody yet">
        People appear with their first event. Connect a source under Sources, or bring a list under Import.
      </EmptyNote>
    );
  }
  return (
    <EmptyNote title="Nobody fits">
      <Stack gap="sm" align="center">
        Identifiers are looked up whole and in their usual spelling; names and e-mails from their beginning.
        <Button variant="default" onClick={onClear}>
          Show people last seen
        </Button>
      </Stack>
    </EmptyNote>
  );
}

interface TableProps {
  readonly people: readonly FoundPerson[];
  readonly searched: boolean;
}

function PeopleTable({ people, searched }: TableProps) {
  return (
    <ScrollTable label="People" min_width={640}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Known as</th>
          {searched && <th>Found in</th>}
          <th>Last seen</th>
          <th data-number>Events</th>
        </tr>
      </thead>
      <tbody>
        {people.map((found) => (
          <tr key={found.person}>
            <td style={{ maxWidth: 260 }}>
              <Link to="/people" search={{ open: found.person } as never} className="pl-row-link">
                {found.name || <Unnamed type={found.identifier.type} />}
              </Link>
            </td>
            <td style={{ maxWidth: 320 }}>
              <IdentifierText identifier={found.identifier} />
            </td>
            {searched && <td>{typeWords(found.matched)}</td>}
            <td style={{ whiteSpace: 'nowrap' }}>
              <RelativeTime at={found.last_seen} />
            </td>
            <td data-number>{formatCount(found.events)}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Unnamed({ type }: { readonly type: string }) {
  return <>{lookOf(type).nearness === 'device' ? 'Anonymous visitor' : 'No name'}</>;
}
