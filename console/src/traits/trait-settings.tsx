import { Drawer, Group, NumberInput, Stack, Switch, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import type { TraitName } from '../api/traits.ts';
import { ReleasePanel } from '../elements/release-panel.tsx';

interface Props {
  readonly trait: TraitName | undefined;
  readonly onClose: () => void;
}

export function TraitSettings({ trait, onClose }: Props) {
  return (
    <Drawer
      opened={trait !== undefined}
      onClose={onClose}
      position="right"
      size="md"
      title={trait === undefined ? '' : `Settings of ${trait.name}`}
      overlayProps={{ backgroundOpacity: 0.15 }}
      transitionProps={{ duration: 120 }}
    >
      {trait !== undefined && <Form key={trait.name} trait={trait} onDone={onClose} />}
    </Drawer>
  );
}

function Form({ trait, onDone }: { readonly trait: TraitName; readonly onDone: () => void }) {
  const [label, setLabel] = useState(trait.label);
  const [unit, setUnit] = useState(trait.unit);
  const [fresh_for_days, setFresh] = useState(trait.fresh_for_days);
  const [sensitive, setSensitive] = useState(trait.sensitive);
  return (
    <Stack gap="sm">
      <Group gap="sm" grow>
        <TextInput label="Label" value={label} onChange={(event) => setLabel(event.currentTarget.value)} />
        <TextInput label="Unit" value={unit} onChange={(event) => setUnit(event.currentTarget.value)} />
      </Group>
      <NumberInput
        label="Fresh for days; empty for ever"
        description="Older values read as stale on the profile and to decisions."
        min={1}
        max={3650}
        value={fresh_for_days ?? ''}
        onChange={(days) => setFresh(typeof days === 'number' ? days : null)}
      />
      <Switch
        label="Sensitive"
        checked={sensitive}
        onChange={(event) => setSensitive(event.currentTarget.checked)}
      />
      <Text size="xs" c="dimmed">
        Hidden from viewers; segments that use it need an approval.
      </Text>
      <ReleasePanel
        definition={{
          kind: 'trait-settings',
          name: trait.name,
          body: { label, unit, fresh_for_days, sensitive },
        }}
        onReleased={onDone}
      />
    </Stack>
  );
}
