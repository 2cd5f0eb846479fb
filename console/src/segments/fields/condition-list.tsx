import { ActionIcon, Autocomplete, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { FieldSchema, KnownField } from '../../api/segment-rules.ts';
import { type Errors, errorsBelow } from '../builder-context.ts';
import { ComparisonField } from './comparison-field.tsx';

type Condition = Readonly<Record<string, unknown>>;

interface Props {
  readonly schema: FieldSchema;
  readonly value: unknown;
  /** Fields that the event was seen with. */
  readonly fields: readonly KnownField[];
  readonly errors: Errors;
  readonly onChange: (value: readonly Condition[] | undefined) => void;
}

/** Conditions on the fields of an event; all must hold. */
export function ConditionList({ schema, value, fields, errors, onChange }: Props) {
  const conditions = Array.isArray(value) ? (value as readonly Condition[]) : [];
  const item = schema.items === false ? undefined : schema.items;
  const ops = item?.properties?.['op']?.enum ?? [];
  const set = (index: number, next: Condition | undefined) => {
    const list = next === undefined ? conditions.toSpliced(index, 1) : conditions.with(index, next);
    onChange(list.length === 0 ? undefined : list);
  };
  return (
    <Stack gap={6} pl={12} className="pl-conditions">
      {conditions.map((condition, index) => (
        <ConditionRow
          // biome-ignore lint/suspicious/noArrayIndexKey: conditions have no name of their own, and never change places
          key={index}
          condition={condition}
          ops={ops}
          fields={fields}
          errors={errorsBelow(errors, `where[${index}]`)}
          set={(next) => set(index, next)}
        />
      ))}
      {errors.get('where') !== undefined && (
        <Text size="xs" c="var(--pl-red)">
          {errors.get('where')}
        </Text>
      )}
      <Button
        variant="subtle"
        size="compact-xs"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconPlus size={12} aria-hidden />}
        onClick={() => onChange([...conditions, { field: '', op: 'equals' }])}
      >
        {conditions.length === 0 ? 'Only where a property…' : 'And where…'}
      </Button>
    </Stack>
  );
}

interface RowProps {
  readonly condition: Condition;
  readonly ops: readonly string[];
  readonly fields: readonly KnownField[];
  readonly errors: Errors;
  readonly set: (condition: Condition | undefined) => void;
}

function ConditionRow({ condition, ops, fields, errors, set }: RowProps) {
  const name = typeof condition['field'] === 'string' ? condition['field'] : '';
  const known = fields.find((field) => field.name === name);
  return (
    <Group gap="xs" align="flex-start" wrap="nowrap">
      <Group gap="xs" align="flex-start" style={{ flex: 1 }}>
        <Text size="sm" c="dimmed" lh="30px">
          where
        </Text>
        <Autocomplete
          size="xs"
          aria-label="Property"
          placeholder="Property"
          style={{ flex: '1 1 130px' }}
          data={fields.map((field) => field.name)}
          limit={50}
          value={name}
          error={errors.get('field') ?? errors.get('')}
          onChange={(field) => set({ ...condition, field })}
        />
        <ComparisonField
          of={name || 'the property'}
          ops={ops}
          comparison={condition}
          types={known?.types ?? []}
          examples={known?.examples ?? []}
          errors={errors}
          onChange={({ op, value }) => {
            const { value: _, ...rest } = condition;
            set({ ...rest, op, ...(value === undefined ? {} : { value }) });
          }}
        />
      </Group>
      <ActionIcon
        variant="default"
        aria-label={`Remove the condition on ${name || 'a property'}`}
        onClick={() => set(undefined)}
      >
        <IconTrash size={14} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
