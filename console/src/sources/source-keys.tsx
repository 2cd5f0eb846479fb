import { Button, Group, NumberInput, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMayEdit } from '../api/session.ts';
import { type Source, useChangeSource, type WriteKey } from '../api/sources.ts';
import { Confirm } from '../elements/confirm.tsx';
import { CopyButton } from '../elements/copy-button.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Tag } from '../elements/tag.tsx';

export function SourceKeys({ source }: { readonly source: Source }) {
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        A write key can only send events, never read them, so it may stand in a web page.
      </Text>
      {source.keys.map((key) => (
        <KeyRow key={key.id} source={source} write_key={key} />
      ))}
      <Rotate source={source} />
    </Stack>
  );
}

function KeyRow({ source, write_key }: { readonly source: Source; readonly write_key: WriteKey }) {
  const may_edit = useMayEdit();
  const change = useChangeSource();
  const [asking, setAsking] = useState(false);
  const expired = write_key.expires_at !== null && Date.parse(write_key.expires_at) <= Date.now();
  const dead = write_key.revoked_at !== null || expired;
  const revoke = () =>
    change.mutate(
      { kind: 'revoke', id: source.id, key_id: write_key.id },
      { onSuccess: () => setAsking(false) },
    );
  return (
    <Group className="pl-panel" p="sm" justify="space-between" gap="xs">
      <Stack gap={4} style={{ minWidth: 0 }}>
        <Group gap="xs">
          <code className="pl-mono">{write_key.write_key}</code>
          {!dead && <CopyButton text={write_key.write_key} label="write key" />}
        </Group>
        <Group gap="xs">
          <KeyState write_key={write_key} expired={expired} />
          <Text size="xs" c="dimmed">
            Created <RelativeTime at={write_key.created_at} />
          </Text>
        </Group>
      </Stack>
      {!dead && (
        <Button variant="default" disabled={!may_edit} onClick={() => setAsking(true)}>
          Revoke
        </Button>
      )}
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        onConfirm={revoke}
        busy={change.isPending}
        error={change.error}
        danger
        title="Revoke this write key?"
        verb="Revoke key"
      >
        Whatever still uses it is refused at once with status 401. It cannot be brought back.
      </Confirm>
    </Group>
  );
}

function KeyState({ write_key, expired }: { readonly write_key: WriteKey; readonly expired: boolean }) {
  if (write_key.revoked_at !== null) return <Tag tone="grey">Revoked</Tag>;
  if (expired) return <Tag tone="grey">Expired</Tag>;
  if (write_key.expires_at === null) return <Tag tone="green">Live</Tag>;
  return (
    <Tag tone="amber">
      Expires <RelativeTime at={write_key.expires_at} />
    </Tag>
  );
}

function Rotate({ source }: { readonly source: Source }) {
  const may_edit = useMayEdit();
  const change = useChangeSource();
  const [hours, setHours] = useState<number>(24);
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <NumberInput
          label="Old keys keep working for, hours"
          min={0}
          max={720}
          w={230}
          value={hours}
          onChange={(value) => setHours(Number(value))}
        />
        <Button
          disabled={!may_edit}
          loading={change.isPending}
          onClick={() => change.mutate({ kind: 'rotate', id: source.id, overlap_hours: hours })}
        >
          Make a new key
        </Button>
      </Group>
      {change.isError && <ErrorState error={change.error} />}
    </Stack>
  );
}
