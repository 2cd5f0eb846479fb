import {
  ActionIcon,
  Autocomplete,
  Button,
  Group,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from '@mantine/core';
import { IconPlus, IconTrash, IconWand } from '@tabler/icons-react';
import type { QuarantineGroup } from '../api/quarantine.ts';
import { CAST_TYPES, type DraftRule, emptyRule, suggestRule } from './draft-rule.ts';

const ACTIONS = [
  { value: 'set', label: 'Set to' },
  { value: 'rename', label: 'Rename to' },
  { value: 'cast', label: 'Convert to' },
  { value: 'remove', label: 'Remove' },
];

const CONDITIONS = [
  { value: 'missing', label: 'is missing' },
  { value: 'present', label: 'is present' },
  { value: 'equals', label: 'equals' },
  { value: 'contains', label: 'contains' },
  { value: 'type', label: 'is of type' },
];

const TYPES = ['string', 'number', 'boolean', 'object', 'array', 'null'];

interface Props {
  readonly group: QuarantineGroup;
  readonly rules: readonly DraftRule[];
  /** Fields of the samples, offered while typing. */
  readonly paths: readonly string[];
  readonly onChange: (rules: readonly DraftRule[]) => void;
}

export function RuleBuilder({ group, rules, paths, onChange }: Props) {
  const next_id = Math.max(0, ...rules.map((rule) => rule.id)) + 1;
  const replace = (rule: DraftRule) => onChange(rules.map((each) => (each.id === rule.id ? rule : each)));
  return (
    <Stack gap="sm" style={{ minWidth: 0 }}>
      <Title order={3}>Repair rules</Title>
      {rules.length === 0 && (
        <Text size="sm" c="dimmed">
          Rules run in order on a copy of each event. Without rules, a replay checks the events again as they
          are: enough when the tracking plan was what was wrong.
        </Text>
      )}
      {rules.map((rule, index) => (
        <RuleCard
          key={rule.id}
          rule={rule}
          number={index + 1}
          paths={paths}
          onChange={replace}
          onRemove={() => onChange(rules.filter((each) => each.id !== rule.id))}
        />
      ))}
      <Group gap="xs">
        {rules.length === 0 && (
          <Button
            leftSection={<IconWand size={14} aria-hidden />}
            onClick={() => onChange([suggestRule(group, paths, next_id)])}
          >
            Suggest a rule
          </Button>
        )}
        <Button
          variant="default"
          leftSection={<IconPlus size={14} aria-hidden />}
          onClick={() => onChange([...rules, emptyRule(next_id)])}
        >
          Add a rule
        </Button>
      </Group>
    </Stack>
  );
}

interface CardProps {
  readonly rule: DraftRule;
  readonly number: number;
  readonly paths: readonly string[];
  readonly onChange: (rule: DraftRule) => void;
  readonly onRemove: () => void;
}

function RuleCard({ rule, number, paths, onChange, onRemove }: CardProps) {
  const set = (patch: Partial<DraftRule>) => onChange({ ...rule, ...patch });
  return (
    <Stack className="pl-panel" p="sm" gap="xs" role="group" aria-label={`Rule ${number}`}>
      <Group justify="space-between">
        <Text size="sm" fw={600}>
          Rule {number}
        </Text>
        <ActionIcon variant="default" onClick={onRemove} aria-label={`Remove rule ${number}`}>
          <IconTrash size={14} aria-hidden />
        </ActionIcon>
      </Group>
      <Group gap="xs" align="flex-end">
        <Autocomplete
          label="Field"
          size="xs"
          style={{ flex: '2 1 180px' }}
          placeholder="properties.price"
          data={[...paths]}
          limit={12}
          value={rule.path}
          onChange={(path) => set({ path })}
        />
        <Select
          label="Do"
          w={120}
          allowDeselect={false}
          data={ACTIONS}
          value={rule.action}
          onChange={(action) => set({ action: (action ?? 'set') as DraftRule['action'] })}
        />
        <Operand rule={rule} paths={paths} set={set} />
      </Group>
      <Condition rule={rule} paths={paths} set={set} />
    </Stack>
  );
}

interface PartProps {
  readonly rule: DraftRule;
  readonly paths: readonly string[];
  readonly set: (patch: Partial<DraftRule>) => void;
}

function Operand({ rule, paths, set }: PartProps) {
  if (rule.action === 'remove') return null;
  if (rule.action === 'rename') {
    return (
      <Autocomplete
        label="New name"
        size="xs"
        style={{ flex: '2 1 160px' }}
        data={[...paths]}
        limit={12}
        value={rule.to}
        onChange={(to) => set({ to })}
      />
    );
  }
  if (rule.action === 'cast') {
    return (
      <Select
        label="Type"
        w={120}
        allowDeselect={false}
        data={[...CAST_TYPES]}
        value={rule.type}
        onChange={(type) => set({ type: type ?? 'number' })}
      />
    );
  }
  return (
    <TextInput
      label="Value (JSON or text)"
      style={{ flex: '2 1 140px' }}
      placeholder={'12.5 or "EUR"'}
      value={rule.value}
      onChange={(event) => set({ value: event.currentTarget.value })}
    />
  );
}

function Condition({ rule, paths, set }: PartProps) {
  const when = rule.when;
  if (when === null) {
    return (
      <Button
        variant="subtle"
        size="compact-xs"
        style={{ alignSelf: 'flex-start' }}
        onClick={() => set({ when: { path: rule.path, is: 'present', value: '' } })}
      >
        Only under a condition…
      </Button>
    );
  }
  const patch = (change: Partial<typeof when>) => set({ when: { ...when, ...change } });
  return (
    <Group gap="xs" align="flex-end">
      <Autocomplete
        label="Only when"
        size="xs"
        style={{ flex: '2 1 160px' }}
        data={[...paths]}
        limit={12}
        value={when.path}
        onChange={(path) => patch({ path })}
      />
      <Select
        aria-label="Condition"
        w={120}
        allowDeselect={false}
        data={CONDITIONS}
        value={when.is}
        onChange={(is) => patch({ is: (is ?? 'present') as typeof when.is })}
      />
      {(when.is === 'equals' || when.is === 'contains') && (
        <TextInput
          aria-label="Compared with"
          style={{ flex: '1 1 100px' }}
          value={when.value}
          onChange={(event) => patch({ value: event.currentTarget.value })}
        />
      )}
      {when.is === 'type' && (
        <Select
          aria-label="Compared type"
          w={110}
          data={TYPES}
          value={when.value === '' ? null : when.value}
          onChange={(value) => patch({ value: value ?? '' })}
        />
      )}
      <ActionIcon variant="default" onClick={() => set({ when: null })} aria-label="Remove the condition">
        <IconTrash size={14} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
