import { ActionIcon, Group, NumberInput, Select } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconTrash } from '@tabler/icons-react';
import { SegmentField } from './segment-field.tsx';
import type { MemberDraft, SetDraft } from './set-draft.ts';

interface Props {
  readonly draft: SetDraft;
  readonly position: number;
  readonly onChange: (member: MemberDraft | undefined) => void;
  readonly onMove: (by: -1 | 1) => void;
}

/** One member at its place in the order. */
export function MemberRow({ draft, position, onChange, onMove }: Props) {
  const member = draft.members[position];
  if (member === undefined) return null;
  const place = position + 1;
  const others = draft.members
    .map(({ segment }) => segment)
    .filter((segment) => segment !== '' && segment !== member.segment);
  return (
    <Group className="pl-panel" p="sm" gap="xs" align="flex-end">
      <SegmentField
        label={`Segment ${place}`}
        value={member.segment}
        onChange={(segment) => onChange({ ...member, segment })}
      />
      <Select
        label="Part of"
        placeholder="none"
        clearable
        clearButtonProps={{ 'aria-label': `Segment ${place} is part of none` }}
        w={180}
        data={[...new Set(others)]}
        value={member.within === '' ? null : member.within}
        onChange={(within) => onChange({ ...member, within: within ?? '' })}
      />
      {draft.policy === 'largest_value' && (
        <NumberInput
          label="Worth"
          w={100}
          value={member.value ?? ''}
          onChange={(value) => onChange({ ...member, value: value === '' ? null : Number(value) })}
        />
      )}
      <Group gap={2} ml="auto">
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Move segment ${place} up`}
          disabled={position === 0}
          onClick={() => onMove(-1)}
        >
          <IconArrowUp size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Move segment ${place} down`}
          disabled={position === draft.members.length - 1}
          onClick={() => onMove(1)}
        >
          <IconArrowDown size={16} aria-hidden />
        </ActionIcon>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={`Remove segment ${place}`}
          onClick={() => onChange(undefined)}
        >
          <IconTrash size={16} aria-hidden />
        </ActionIcon>
      </Group>
    </Group>
  );
}
