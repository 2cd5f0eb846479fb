import { Group, Stack, Text, Title } from '@mantine/core';
import { useSegmentSet } from '../api/segment-sets.ts';
import { useAddressState } from '../elements/address-state.ts';
import { AddressTabs } from '../elements/address-tabs.tsx';
import { BackButton } from '../elements/back-button.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { Tag } from '../elements/tag.tsx';
import { POLICY_WORDS } from './policy-words.ts';
import { SetForm } from './set-form.tsx';
import { SetMembers } from './set-members.tsx';
import { SetOverlap } from './set-overlap.tsx';
import { SetTrial } from './set-trial.tsx';

/** One set; `view` is the tab. */
export function SetView({ name }: { readonly name: string }) {
  const [, setAddress] = useAddressState();
  const set = useSegmentSet(name);
  return (
    <Stack gap="sm">
      <BackButton onClick={() => setAddress({ open: null, view: null })}>All sets</BackButton>
      <QueryState query={set}>
        {(data) => (
          <>
            <Group gap="xs">
              <Title order={2}>{data.name}</Title>
              <Tag tone="grey">On conflict {POLICY_WORDS[data.policy]}</Tag>
            </Group>
            {data.description !== '' && <Text size="sm">{data.description}</Text>}
            <AddressTabs
              at="view"
              tabs={[
                { value: 'members', label: 'Members', panel: <SetMembers set={data} /> },
                { value: 'overlap', label: 'Overlap', panel: <SetOverlap set={data} /> },
                { value: 'trial', label: 'Test one person', panel: <SetTrial name={name} /> },
                {
                  value: 'definition',
                  label: 'Definition',
                  panel: <SetForm name={name} onReleased={() => setAddress({ view: null })} />,
                },
              ]}
            />
          </>
        )}
      </QueryState>
    </Stack>
  );
}
