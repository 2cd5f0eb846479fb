import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  NumberInput,
  Select,
  Stack,
  TagsInput,
  Text,
} from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { KnownField } from '../api/segment-rules.ts';
import { typedValue } from '../segments/op-words.ts';
import type { TraitCondition } from './trait-body.ts';

const OPS = [
  { value: 'equals', label: 'is' },
  { value: 'not_equals', label: 'is not' },
  { value: 'one_of', label: 'is one of' },
  { value: 'none_of', label: 'is none of' },
  { value: 'greater', label: 'is more than' },
  { value: 'at_least', label: 'is at least' },
  { value: 'less', label: 'is less than' },
  { value: 'at_most', label: 'is at most' },
  { value: 'contains', label: 'contains' },
  { value: 'starts_with', label: 'starts with' },
  { value: 'is_set', label: 'is there' },
  { value: 'not_set', label: 'is not there' },
];

interface Props {
  readonly conditions: readonly TraitCondition[];
  readonly fields: readonly KnownField[];
  readonly onChange: (conditions: readonly TraitCondition[]) => void;
}

/** What must hold of an event for it to count. */
export function TraitConditions({ conditions, fields, onChange }: Props) {
  return (
    <Stack gap={6}>
      {conditions.map((condition, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no name of their own, and never change places
        <Group key={index} gap="xs" align="flex-start">
          <Text size="sm" c="dimmed" lh="30px">
            where
          </Text>
          <Autocomplete
            size="xs"
            aria-label="Property of the condition"
            placeholder="Property"
            style={{ flex: '1 1 140px' }}
            data={fields.map((field) => field.name)}
            limit={50}
            value={condition.property}
            onChange={(property) => onChange(conditions.with(index, { ...condition, property }))}
          />
          <Select
            aria-label="Comparison of the condition"
            w={130}
            allowDeselect={false}
            data={OPS}
            value={condition.is}
            onChange={(is) => onChange(conditions.with(index, changedOp(condition, is ?? 'equals')))}
          />
          <Value
            condition={condition}
            known={fields.find((field) => field.name === condition.property)}
            onChange={(value) => onChange(conditions.with(index, { ...condition, value }))}
          />
          <ActionIcon
            variant="default"
            aria-label={`Remove the condition on ${condition.property || 'a property'}`}
            onClick={() => onChange(conditions.toSpliced(index, 1))}
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-xs"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconPlus size={12} aria-hidden />}
        onClick={() => onChange([...conditions, { property: '', is: 'equals' }])}
      >
        {conditions.length === 0 ? 'Only where a property…' : 'And where…'}
      </Button>
    </Stack>
  );
}

/** The value goes when the new comparison takes another kind of it. */
function changedOp(condition: TraitCondition, is: string): TraitCondition {
  const { value: _, ...rest } = condition;
  return kindOf(is) === kindOf(condition.is) ? { ...condition, is } : { ...rest, is };
}

function kindOf(is: string): 'none' | 'list' | 'number' | 'one' {
  if (is === 'is_set' || is === 'not_set') return 'none';
  if (is === 'one_of' || is === 'none_of') return 'list';
  return ['greater', 'at_least', 'less', 'at_most'].includes(is) ? 'number' : 'one';
}

interface ValueProps {
  readonly condition: TraitCondition;
  readonly known: KnownField | undefined;
  readonly onChange: (value: unknown) => void;
}

function Value({ condition, known, onChange }: ValueProps) {
  const { value } = condition;
  const types = known?.types ?? [];
  const data = [...new Set((known?.examples ?? []).filter((each) => typeof each !== 'object').map(String))];
  switch (kindOf(condition.is)) {
    case 'none':
      return null;
    case 'list':
      return (
        <TagsInput
          size="xs"
          aria-label="Values of the condition"
          style={{ flex: '1 1 160px' }}
          data={data}
          value={Array.isArray(value) ? value.map(String) : []}
          onChange={(list) => onChange(list.map((text) => typedValue(text, types)))}
        />
      );
    case 'number':
      return (
        <NumberInput
          aria-label="Number of the condition"
          w={120}
          value={typeof value === 'number' ? value : ''}
          onChange={(next) => onChange(typeof next === 'number' ? next : undefined)}
        />
      );
    default:
      return (
        <Autocomplete
          size="xs"
          aria-label="Value of the condition"
          style={{ flex: '1 1 140px' }}
          data={data}
          value={value === undefined ? '' : String(value)}
          onChange={(text) => onChange(typedValue(text, types))}
        />
      );
  }
}
