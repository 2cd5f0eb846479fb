import { Button, Group, Stack, Tabs, Text, Title } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { useSegmentSet } from '../api/segment-sets.ts';
import { useAddressState } from '../elements/address-state.ts';
import { QueryState } from '../elements/query-state.tsx';
import { Tag } from '../elements/tag.tsx';
import { POLICY_WORDS } from './policy-words.ts';
import { SetDefinition } from './set-definition.tsx';
import { SetMembers } from './set-members.tsx';
import { SetOverlap } from './set-overlap.tsx';
import { SetTrial } from './set-trial.tsx';

/** One set; `view` is the tab. */
export function SetView({ name }: { readonly name: string }) {
  const [address, setAddress] = useAddressState();
  const set = useSegmentSet(name);
  return (
    <Stack gap="sm">
      <Button
        variant="default"
        leftSection={<IconArrowLeft size={14} aria-hidden />}
        style={{ alignSelf: 'flex-start' }}
        onClick={() => setAddress({ open: null, view: null })}
      >
        All sets
      </Button>
      <QueryState query={set}>
        {(data) => (
          <>
            <Group gap="xs">
              <Title order={2}>{data.name}</Title>
              <Tag tone="grey">On conflict {POLICY_WORDS[data.policy]}</Tag>
            </Group>
            {data.description !== '' && <Text size="sm">{data.description}</Text>}
            <Tabs
              value={address['view'] ?? 'members'}
              onChange={(view) => setAddress({ view })}
              keepMounted={false}
            >
              <Tabs.List mb="sm" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
                <Tabs.Tab value="members">Members</Tabs.Tab>
                <Tabs.Tab value="overlap">Overlap</Tabs.Tab>
                <Tabs.Tab value="trial">Test one person</Tabs.Tab>
                <Tabs.Tab value="definition">Definition</Tabs.Tab>
              </Tabs.List>
              <Tabs.Panel value="members">
                <SetMembers set={data} />
              </Tabs.Panel>
              <Tabs.Panel value="overlap">
                <SetOverlap set={data} />
              </Tabs.Panel>
              <Tabs.Panel value="trial">
                <SetTrial name={name} />
              </Tabs.Panel>
              <Tabs.Panel value="definition">
                <SetDefinition name={name} onReleased={() => setAddress({ view: null })} />
              </Tabs.Panel>
            </Tabs>
          </>
        )}
      </QueryState>
    </Stack>
  );
}
