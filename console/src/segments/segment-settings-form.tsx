import { Group, Select, Stack, Switch, TagsInput, Textarea, TextInput, Title } from '@mantine/core';
import { EVERY, type Every } from '../api/segments.ts';
import { EVERY_WORDS, type SegmentSettings } from './segment-body.ts';

interface Props {
  readonly settings: SegmentSettings;
  readonly errors: ReadonlyMap<string, string>;
  readonly onChange: (patch: Partial<SegmentSettings>) => void;
}

/** Who answers for it, what for, and how often it is worked out. */
export function SegmentSettingsForm({ settings, errors, onChange }: Props) {
  return (
    <Stack className="pl-panel" p="md" gap="sm">
      <Title order={2}>Use and care</Title>
      <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
        <TextInput
          label="Owner"
          description="Who answers for it: a person or a team"
          value={settings.owner}
          error={errors.get('owner')}
          onChange={(event) => onChange({ owner: event.currentTarget.value })}
        />
        <TextInput
          label="Purpose"
          description="What it is used for"
          placeholder="Win back lapsed buyers"
          value={settings.purpose}
          error={errors.get('purpose')}
          onChange={(event) => onChange({ purpose: event.currentTarget.value })}
        />
        <TagsInput
          size="xs"
          label="Teams"
          description="For information: access goes by role. Enter adds one"
          value={[...settings.teams]}
          error={errors.get('teams')}
          onChange={(teams) => onChange({ teams })}
        />
      </Group>
      <Group gap="sm" align="flex-start" grow preventGrowOverflow={false}>
        <Select
          label="Worked out"
          description="Rules over sessions are always refreshed, never at once"
          allowDeselect={false}
          data={EVERY.map((value) => ({ value, label: EVERY_WORDS[value] }))}
          value={settings.every}
          error={errors.get('refresh.every')}
          onChange={(every) => onChange({ every: (every ?? 'stream') as Every })}
        />
        <Select
          label="Sensitivity"
          description="Sensitive: somebody else approves it before use"
          allowDeselect={false}
          data={[
            { value: 'normal', label: 'Normal' },
            { value: 'sensitive', label: 'Sensitive' },
          ]}
          value={settings.sensitivity}
          onChange={(value) => onChange({ sensitivity: value === 'sensitive' ? 'sensitive' : 'normal' })}
        />
      </Group>
      <Textarea
        label="Description"
        autosize
        minRows={2}
        value={settings.description}
        onChange={(event) => onChange({ description: event.currentTarget.value })}
      />
      <Switch
        label="Leave out bots"
        checked={settings.exclude_bots}
        onChange={(event) => onChange({ exclude_bots: event.currentTarget.checked })}
      />
    </Stack>
  );
}
