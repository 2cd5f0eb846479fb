import { Button, Group, NumberInput, Select, Stack, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useMayEdit } from '../api/session.ts';
import { type Source, useChangeSource } from '../api/sources.ts';
import { useTrackingPlans } from '../api/tracking-plans.ts';
import { ErrorState } from '../elements/error-state.tsx';

const UNKNOWN = [
  { value: 'allow', label: 'Keep them' },
  { value: 'quarantine', label: 'Quarantine them' },
];
const VIOLATION = [
  { value: 'plan', label: 'As the tracking plan says' },
  { value: 'allow', label: 'Keep the event, note the violation' },
  { value: 'strip', label: 'Remove the field, keep the event' },
  { value: 'quarantine', label: 'Quarantine the event' },
];
const IP = [
  { value: 'truncate', label: 'Shorten (recommended)' },
  { value: 'keep', label: 'Keep whole' },
  { value: 'drop', label: 'Do not keep' },
];

export function SourceSettingsForm({ source }: { readonly source: Source }) {
  const may_edit = useMayEdit();
  const change = useChangeSource();
  const plans = useTrackingPlans();
  const [name, setName] = useState(source.name);
  const [settings, setSettings] = useState(source.settings);
  const set = (patch: Partial<typeof settings>) => setSettings({ ...settings, ...patch });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate(
      { kind: 'patch', id: source.id, body: { name, settings } },
      { onSuccess: () => notifications.show({ message: 'Saved. The rules hold from the next event on.' }) },
    );
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm" maw={460}>
        <TextInput
          label="Name"
          required
          maxLength={80}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Tracking plan"
          description="Its events are checked against this plan."
          clearable
          clearButtonProps={{ 'aria-label': 'No tracking plan' }}
          placeholder="None"
          data={(plans.data ?? []).map((plan) => plan.name)}
          value={settings.tracking_plan}
          onChange={(tracking_plan) => set({ tracking_plan })}
        />
        <Select
          label="Events that are not in the plan"
          allowDeselect={false}
          data={UNKNOWN}
          value={settings.unknown_events}
          onChange={(value) => set({ unknown_events: value as 'allow' | 'quarantine' })}
        />
        <Select
          label="Events that break the plan"
          allowDeselect={false}
          data={VIOLATION}
          value={settings.on_violation ?? 'plan'}
          onChange={(value) =>
            set({ on_violation: value === 'plan' ? null : (value as 'allow' | 'strip' | 'quarantine') })
          }
        />
        <NumberInput
          label="Share of people kept, %"
          description="Chosen by person, so that a person's events stay together. The rest is counted as filtered."
          min={0}
          max={100}
          value={settings.sampling_rate * 100}
          onChange={(value) => set({ sampling_rate: Number(value) / 100 })}
        />
        <NumberInput
          label="Highest rate, events per second"
          description="Faster requests are asked to wait. Empty means no limit."
          min={1}
          allowDecimal={false}
          value={settings.events_per_s_max ?? ''}
          onChange={(value) => set({ events_per_s_max: value === '' ? null : Number(value) })}
        />
        <Select
          label="Network addresses"
          allowDeselect={false}
          data={IP}
          value={settings.ip}
          onChange={(value) => set({ ip: value as 'truncate' | 'keep' | 'drop' })}
        />
        {change.isError && <ErrorState error={change.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={change.isPending} disabled={!may_edit}>
            Save rules
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
