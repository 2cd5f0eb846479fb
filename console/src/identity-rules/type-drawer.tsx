import {
  Button,
  Drawer,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  Text,
  TextInput,
} from '@mantine/core';
import { typeWords } from '../people/identifier-types.ts';
import { type IdentifierRule, NORMALISERS } from './rules-body.ts';

interface Props {
  readonly rule: IdentifierRule | undefined;
  readonly onChange: (rule: IdentifierRule) => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

export function TypeDrawer({ rule, onChange, onRemove, onClose }: Props) {
  return (
    <Drawer
      opened={rule !== undefined}
      onClose={onClose}
      position="right"
      size="md"
      title={rule === undefined ? '' : typeWords(rule.type)}
      overlayProps={{ backgroundOpacity: 0.15 }}
      transitionProps={{ duration: 120 }}
    >
      {rule !== undefined && (
        <Fields
          rule={rule}
          set={(patch) => onChange({ ...rule, ...patch })}
          onRemove={onRemove}
          onClose={onClose}
        />
      )}
    </Drawer>
  );
}

interface FieldProps {
  readonly rule: IdentifierRule;
  readonly set: (patch: Partial<IdentifierRule>) => void;
  readonly onRemove: () => void;
  readonly onClose: () => void;
}

/** Events stand at these two as they came; where they are read from is fixed. */
const FIXED = ['user_id', 'anonymous_id'];

function Fields({ rule, set, onRemove, onClose }: FieldProps) {
  const fixed = FIXED.includes(rule.type);
  return (
    <Stack gap="md">
      {!fixed && (
        <>
          <TextInput
            label="Type"
            description="Lower-case letters, digits and underscores"
            value={rule.type}
            error={/^[a-z][a-z0-9_]{0,39}$/.test(rule.type) ? undefined : 'For example member_no'}
            onChange={(event) => set({ type: event.currentTarget.value })}
          />
          <TagsInput
            size="xs"
            label="Where it stands in an event"
            description="traits.email, context.device.id, properties.card; external ids of this type are always read"
            value={[...(rule.paths ?? [])]}
            onChange={(paths) => set({ paths })}
          />
          <Select
            label="Spelling"
            allowDeselect={false}
            data={NORMALISERS}
            value={rule.normalise ?? 'none'}
            onChange={(next) => set({ normalise: next ?? 'none' })}
          />
        </>
      )}
      <Limits rule={rule} set={set} />
      <Switch
        label="Joins people"
        description="Off: it belongs to a person and finds one, but never joins two"
        checked={rule.merges !== false}
        onChange={(event) => set({ merges: event.currentTarget.checked })}
      />
      <TagsInput
        size="xs"
        label="Blocked values"
        description="Never an identifier; Enter adds one"
        value={[...(rule.blocked ?? [])]}
        onChange={(blocked) => set({ blocked })}
      />
      <TagsInput
        size="xs"
        label="Blocked patterns"
        description="Regular expressions, as ^noreply@"
        value={[...(rule.blocked_patterns ?? [])]}
        onChange={(blocked_patterns) => set({ blocked_patterns })}
      />
      <Group justify="space-between">
        {fixed ? (
          <span />
        ) : (
          <Button variant="default" onClick={onRemove}>
            Remove this type
          </Button>
        )}
        <Button onClick={onClose}>Done</Button>
      </Group>
      <Text size="xs" c="dimmed">
        Nothing changes before you release.
      </Text>
    </Stack>
  );
}

function Limits({ rule, set }: Pick<FieldProps, 'rule' | 'set'>) {
  const limit = rule.limit ?? {};
  const { window } = limit;
  const number = (next: string | number) => (typeof next === 'number' ? next : null);
  return (
    <Group gap="sm" align="flex-end" grow>
      <NumberInput
        label="At most, ever"
        placeholder="any number"
        min={1}
        value={limit.ever ?? ''}
        onChange={(next) => set({ limit: { ...limit, ever: number(next) } })}
      />
      <NumberInput
        label="New ones at most"
        placeholder="any number"
        min={1}
        value={window?.count ?? ''}
        onChange={(next) => {
          const count = number(next);
          set({ limit: { ...limit, window: count === null ? null : { count, days: window?.days ?? 7 } } });
        }}
      />
      <NumberInput
        label="in days"
        min={1}
        disabled={window == null}
        value={window?.days ?? 7}
        onChange={(next) => {
          const days = number(next);
          if (window != null && days !== null) set({ limit: { ...limit, window: { ...window, days } } });
        }}
      />
    </Group>
  );
}
