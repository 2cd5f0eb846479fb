import { ActionIcon, Autocomplete, Group, NumberInput, Select, Switch, TextInput } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import { useCatalogue } from '../api/segment-rules.ts';
import { EventField } from '../elements/event-field.tsx';
import {
  type FeatureDraft,
  featureName,
  MEASURES,
  type Measure,
  NEEDS_PROPERTY,
} from './segmentation-draft.ts';

const MEASURE_WORDS: Readonly<Record<Measure, string>> = {
  count: 'How many times',
  days_since: 'Days since the last',
  sum: 'Sum of a property over',
  average: 'Average of a property over',
  distinct: 'Different values of a property over',
  share: 'Share of',
};

interface Props {
  readonly feature: FeatureDraft;
  readonly position: number;
  readonly onChange: (feature: FeatureDraft) => void;
  readonly onRemove: () => void;
}

/** One thing that people are compared by. */
export function FeatureRow({ feature, position, onChange, onRemove }: Props) {
  const catalogue = useCatalogue().data;
  const properties =
    catalogue?.events.filter(({ event }) => event === feature.event).flatMap(({ fields }) => fields) ?? [];
  const set = (patch: Partial<FeatureDraft>) => onChange({ ...feature, ...patch });
  const asks_property = NEEDS_PROPERTY.includes(feature.measure) || feature.measure === 'share';
  return (
    <Group className="pl-panel" p="sm" gap="xs" align="flex-end">
      <Select
        label={`Feature ${position}`}
        allowDeselect={false}
        w={220}
        data={MEASURES.map((value) => ({ value, label: MEASURE_WORDS[value] }))}
        value={feature.measure}
        onChange={(value) => set({ measure: MEASURES.find((each) => each === value) ?? 'count' })}
      />
      <EventField
        label="Event"
        placeholder="any event"
        value={feature.event}
        onChange={(event) => set({ event })}
      />
      {asks_property && (
        <Autocomplete
          label={feature.measure === 'share' ? 'Where the property' : 'Property'}
          size="xs"
          w={150}
          placeholder={feature.measure === 'share' ? 'optional' : 'revenue'}
          data={[...new Set(properties.map(({ name }) => name))]}
          value={feature.property}
          onChange={(property) => set({ property })}
        />
      )}
      {feature.measure === 'share' && feature.property !== '' && (
        <TextInput
          label="is"
          w={120}
          value={feature.equals}
          onChange={(event) => set({ equals: event.currentTarget.value })}
        />
      )}
      <NumberInput
        label="In days"
        placeholder="all"
        w={90}
        min={1}
        max={3_650}
        value={feature.window_days ?? ''}
        onChange={(value) => set({ window_days: value === '' ? null : Number(value) })}
      />
      <TextInput
        label="Called"
        w={190}
        placeholder={featureName({ ...feature, name: '' })}
        value={feature.name}
        onChange={(event) => set({ name: event.currentTarget.value })}
      />
      <Switch
        label="A few are far above all others"
        title="Uses the logarithm, so that a few extreme people do not decide everything"
        checked={feature.log}
        onChange={(event) => set({ log: event.currentTarget.checked })}
        pb={6}
      />
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Remove feature ${position}`}
        onClick={onRemove}
        ml="auto"
      >
        <IconTrash size={16} aria-hidden />
      </ActionIcon>
    </Group>
  );
}
