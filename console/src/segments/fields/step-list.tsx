import { ActionIcon, Button, Group, Stack, Text } from '@mantine/core';
import { IconPlus, IconTrash } from '@tabler/icons-react';
import type { FieldSchema } from '../../api/segment-rules.ts';
import { type Errors, errorsBelow, fieldsOf, useBuilder } from '../builder-context.ts';
import { ConditionList } from './condition-list.tsx';
import { EventPicker } from './event-picker.tsx';
import { SpanField } from './span-field.tsx';

type Step = Readonly<Record<string, unknown>>;

interface Props {
  readonly schema: FieldSchema;
  readonly value: unknown;
  readonly errors: Errors;
  readonly onChange: (steps: readonly Step[]) => void;
}

/** Events one after the other, each with a time limit since the one before. */
export function StepList({ schema, value, errors, onChange }: Props) {
  const steps = Array.isArray(value) ? (value as readonly Step[]) : [];
  const item = schema.items === false ? undefined : schema.items;
  const most = schema.maxItems ?? 6;
  return (
    <Stack gap={8} style={{ flex: '1 1 100%' }}>
      {steps.map((step, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a step is known by its place
        <Group key={index} gap="xs" align="flex-start" wrap="nowrap">
          <Text size="sm" c="dimmed" lh="30px" w={36} style={{ flexShrink: 0 }}>
            {index === 0 ? 'first' : 'then'}
          </Text>
          <EventBlock
            label={`Step ${index + 1}`}
            schema={item}
            body={step}
            errors={errorsBelow(errors, `steps[${index}]`)}
            limited={index > 0}
            onChange={(next) => onChange(steps.with(index, next))}
          />
          {steps.length > 2 && (
            <ActionIcon
              variant="default"
              aria-label={`Remove step ${index + 1}`}
              onClick={() => onChange(steps.toSpliced(index, 1))}
            >
              <IconTrash size={14} aria-hidden />
            </ActionIcon>
          )}
        </Group>
      ))}
      {steps.length < most && (
        <Button
          variant="subtle"
          size="compact-xs"
          style={{ alignSelf: 'flex-start' }}
          leftSection={<IconPlus size={12} aria-hidden />}
          onClick={() => onChange([...steps, {}])}
        >
          Add a step
        </Button>
      )}
    </Stack>
  );
}

interface BlockProps {
  readonly label: string;
  readonly schema: FieldSchema | undefined;
  readonly body: Step;
  readonly errors: Errors;
  /** With a time limit. */
  readonly limited: boolean;
  readonly onChange: (body: Step) => void;
}

/** An event with conditions on it. */
export function EventBlock({ label, schema, body, errors, limited, onChange }: BlockProps) {
  const { events } = useBuilder().catalogue;
  const patch = (change: Step) => onChange(withoutUndefined({ ...body, ...change }));
  return (
    <Stack gap={4} style={{ flex: '1 1 300px', minWidth: 0 }}>
      <Group gap="xs" align="flex-start">
        <EventPicker
          label={label}
          event={body['event']}
          type={body['type']}
          error={errors.get('event') ?? errors.get('')}
          onChange={patch}
        />
        {limited && (
          <SpanField
            label={`${label}: time limit`}
            without="however long after"
            lead="within"
            dates={false}
            value={body['within'] as Step | undefined}
            errors={errorsBelow(errors, 'within')}
            onChange={(within) => patch({ within })}
          />
        )}
      </Group>
      {schema?.properties?.['where'] !== undefined && (
        <ConditionList
          schema={schema.properties['where']}
          value={body['where']}
          fields={fieldsOf(events, body['event'], body['type'])}
          errors={errors}
          onChange={(where) => patch({ where })}
        />
      )}
    </Stack>
  );
}

export function withoutUndefined(body: Step): Step {
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}
