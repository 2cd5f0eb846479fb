import { ActionIcon, Group, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { SegmentField } from './segment-field.tsx';
import type { FallbackDraft } from './set-draft.ts';

const FACTS = [
  ['country', 'Country is', 'DE, AT'],
  ['referrer', 'Came from', 'google.com'],
  ['device', 'Device is', 'mobile'],
] as const;

interface Props {
  readonly fallback: FallbackDraft;
  readonly position: number;
  readonly onChange: (fallback: FallbackDraft | undefined) => void;
}

/** Where people go of whom only the first request is known. */
export function FallbackRow({ fallback, position, onChange }: Props) {
  return (
    <Group className="pl-panel" p="sm" gap="xs" align="flex-end">
      {FACTS.map(([key, label, placeholder]) => (
        <TextInput
          key={key}
          label={label}
          placeholder={`any, or ${placeholder}`}
          w={160}
          value={fallback[key]}
          onChange={(event) => onChange({ ...fallback, [key]: event.currentTarget.value })}
        />
      ))}
      <SegmentField
        label={`Goes to ${position + 1}`}
        value={fallback.segment}
        onChange={(segment) => onChange({ ...fallback, segment })}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        ml="auto"
        aria-label={`Remove fallback ${position + 1}`}
        onClick={() => onChange(undefined)}
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
