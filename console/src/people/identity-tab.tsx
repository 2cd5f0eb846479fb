import { Group, SegmentedControl, Stack, Title } from '@mantine/core';
import { useState } from 'react';
import { useIdentityGraph } from '../api/identity.ts';
import type { Profile } from '../api/profiles.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ShortenedNote } from '../elements/shortened-note.tsx';
import { ChangeList } from './change-list.tsx';
import { GraphDetail } from './graph-detail.tsx';
import { IdentityGraph } from './identity-graph.tsx';
import { IdentityTable } from './identity-table.tsx';
import { LinkForm } from './link-form.tsx';

/** Why these identifiers are one person, and how to change that. */
export function IdentityTab({ profile }: { readonly profile: Profile }) {
  const graph = useIdentityGraph(profile.person);
  const [view, setView] = useState<'drawing' | 'table'>('drawing');
  const [selected, setSelected] = useState('');
  return (
    <QueryState query={graph} lines={10}>
      {(data) => (
        <Stack gap="md">
          <Group justify="space-between" gap="xs">
            <Title order={2}>What belongs together, and why</Title>
            <SegmentedControl
              aria-label="Show identifiers as"
              data={[
                { value: 'drawing', label: 'Drawing' },
                { value: 'table', label: 'Table' },
              ]}
              value={view}
              onChange={(next) => setView(next as 'drawing' | 'table')}
            />
          </Group>
          <ShortenedNote />
          {view === 'drawing' ? (
            <>
              <IdentityGraph graph={data} selected={selected} onSelect={setSelected} />
              <GraphDetail graph={data} selected={selected} />
            </>
          ) : (
            <IdentityTable graph={data} />
          )}
          <LinkForm graph={data} />
          <Stack gap="xs">
            <Title order={2}>What happened to this person</Title>
            <ChangeList changes={data.changes} person={data.person} />
          </Stack>
        </Stack>
      )}
    </QueryState>
  );
}
