import { Button, Drawer, Group, Stack, Tabs, Text } from '@mantine/core';
import { useState } from 'react';
import { useMayEdit } from '../api/session.ts';
import { type Source, useChangeSource } from '../api/sources.ts';
import { Confirm } from '../elements/confirm.tsx';
import { Tag } from '../elements/tag.tsx';
import { SourceKeys } from './source-keys.tsx';
import { SourceSettingsForm } from './source-settings-form.tsx';
import { SourceSnippets } from './source-snippets.tsx';

export function SourceDrawer({
  source,
  onClose,
}: {
  readonly source: Source | undefined;
  readonly onClose: () => void;
}) {
  return (
    <Drawer
      opened={source !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={source?.name ?? ''}
      overlayProps={{ backgroundOpacity: 0.15 }}
    >
      {source !== undefined && (
        <Stack gap="md">
          <State source={source} />
          <Tabs defaultValue="send" keepMounted={false}>
            <Tabs.List mb="md">
              <Tabs.Tab value="send">Send events</Tabs.Tab>
              <Tabs.Tab value="keys">Write keys</Tabs.Tab>
              <Tabs.Tab value="rules">Rules</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="send">
              <SourceSnippets source={source} />
            </Tabs.Panel>
            <Tabs.Panel value="keys">
              <SourceKeys source={source} />
            </Tabs.Panel>
            <Tabs.Panel value="rules">
              <SourceSettingsForm key={source.id} source={source} />
            </Tabs.Panel>
          </Tabs>
        </Stack>
      )}
    </Drawer>
  );
}

function State({ source }: { readonly source: Source }) {
  const may_edit = useMayEdit();
  const change = useChangeSource();
  const [asking, setAsking] = useState(false);
  const toggle = () =>
    change.mutate(
      { kind: 'patch', id: source.id, body: { enabled: !source.enabled } },
      { onSuccess: () => setAsking(false) },
    );
  return (
    <Group justify="space-between" gap="xs">
      <Group gap="xs">
        {source.enabled ? <Tag tone="green">Enabled</Tag> : <Tag tone="grey">Disabled</Tag>}
        <Text size="sm" c="dimmed">
          {source.type} source
        </Text>
      </Group>
      <Button variant="default" disabled={!may_edit} onClick={() => setAsking(true)}>
        {source.enabled ? 'Disable' : 'Enable'}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        onConfirm={toggle}
        busy={change.isPending}
        error={change.error}
        danger={source.enabled}
        title={source.enabled ? `Disable ${source.name}?` : `Enable ${source.name}?`}
        verb={source.enabled ? 'Disable source' : 'Enable source'}
      >
        {source.enabled
          ? 'Everything it sends from now on is refused with status 404. Libraries keep a short queue and then drop events. What was received stays.'
          : 'Its events are accepted again from now on.'}
      </Confirm>
    </Group>
  );
}
