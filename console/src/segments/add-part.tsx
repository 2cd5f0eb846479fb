import { Button, Group, Menu, Text } from '@mantine/core';
import { IconFolderPlus, IconPlus } from '@tabler/icons-react';
import type { Predicate } from '../api/segment-rules.ts';
import { useBuilder } from './builder-context.ts';
import { newBranch, newLeaf, type Part } from './rule-tree.ts';

interface Props {
  readonly may_nest: boolean;
  readonly onAdd: (part: Part) => void;
}

/** Every predicate of the server with what it asks, and a group. */
export function AddPart({ may_nest, onAdd }: Props) {
  const { predicates } = useBuilder();
  return (
    <Group gap="xs">
      <Menu position="bottom-start" shadow="md" width={330}>
        <Menu.Target>
          <Button variant="default" leftSection={<IconPlus size={14} aria-hidden />}>
            Add a condition
          </Button>
        </Menu.Target>
        <Menu.Dropdown mah={380} style={{ overflowY: 'auto' }}>
          {predicates.map((predicate) => (
            <Menu.Item key={predicate.name} onClick={() => onAdd(newLeaf(freshBody(predicate)))}>
              <Text size="sm" fw={600}>
                {predicate.title}
              </Text>
              <Text size="xs" c="dimmed">
                {predicate.summary}
              </Text>
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
      {may_nest && (
        <Button
          variant="subtle"
          leftSection={<IconFolderPlus size={14} aria-hidden />}
          onClick={() => onAdd(newBranch('any', []))}
        >
          Add a group
        </Button>
      )}
    </Group>
  );
}

/** A new condition with what is needed set to what is usual. */
export function freshBody(predicate: Predicate): Readonly<Record<string, unknown>> {
  const { properties = {}, required = [] } = predicate.schema;
  const body: Record<string, unknown> = { predicate: predicate.name };
  for (const name of required) {
    const schema = properties[name];
    if (name === 'predicate' || name === 'op' || schema === undefined) continue;
    if (schema.enum?.[0] !== undefined) body[name] = schema.enum[0];
    else if (name === 'steps') body[name] = [{}, {}];
    else if (name === 'without') body[name] = {};
  }
  const ops = properties['op']?.enum;
  if (ops !== undefined)
    body['op'] =
      predicate.name === 'first_last'
        ? 'within_days'
        : ops.includes('equals') && 'trait' in properties
          ? 'equals'
          : 'at_least';
  if ('at_least' in properties) body['at_least'] = 1;
  if ('window' in properties && ('at_least' in properties || 'calc' in properties))
    body['window'] = { days: 30 };
  return body;
}
