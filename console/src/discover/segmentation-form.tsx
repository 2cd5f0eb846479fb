import {
  Button,
  Group,
  NumberInput,
  Radio,
  SimpleGrid,
  Stack,
  Switch,
  TextInput,
  Title,
} from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { EventField } from '../elements/event-field.tsx';
import { NewestDefinition } from '../elements/newest-definition.tsx';
import { ReleasePanel } from '../elements/release-panel.tsx';
import { FeatureRow } from './feature-row.tsx';
import { METHOD_ORDER, METHOD_WORDS } from './method-words.ts';
import {
  bodyOf,
  draftOf,
  NEW_FEATURE,
  NEW_SEGMENTATION,
  type SegmentationDraft,
} from './segmentation-draft.ts';

const KIND = 'segmentation';

interface Props {
  /** Empty for a new one. */
  readonly name: string;
  readonly onReleased: (name: string) => void;
}

type Set = (patch: Partial<SegmentationDraft>) => void;

/** A segmentation as a form: what people are compared by, and how many segments a team can use. */
export function SegmentationForm(props: Props) {
  return (
    <NewestDefinition kind={KIND} name={props.name}>
      {(body) => <Form {...props} initial={body === null ? NEW_SEGMENTATION : draftOf(body)} />}
    </NewestDefinition>
  );
}

function Form({ name: given, initial, onReleased }: Props & { readonly initial: SegmentationDraft }) {
  const [name, setName] = useState(given);
  const [draft, setDraft] = useState(initial);
  const set: Set = (patch) => setDraft({ ...draft, ...patch });
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs">
        <TextInput
          label="Name"
          description="Its segments are called name/segment."
          placeholder="buyers"
          disabled={given !== ''}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="What it is for"
          description="One sentence, for those who find it later."
          value={draft.description}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
      </SimpleGrid>
      <MethodChoice draft={draft} set={set} />
      {draft.method === 'rfm' ? (
        <OrderSettings draft={draft} set={set} />
      ) : (
        <Features draft={draft} set={set} />
      )}
      <Limits draft={draft} set={set} />
      <ReleasePanel
        definition={{ kind: KIND, name: name.trim(), body: bodyOf(draft) }}
        onReleased={() => onReleased(name.trim())}
      />
    </Stack>
  );
}

interface PartProps {
  readonly draft: SegmentationDraft;
  readonly set: Set;
}

function MethodChoice({ draft, set }: PartProps) {
  return (
    <Radio.Group
      label="How to look"
      size="sm"
      value={draft.method}
      onChange={(value) => set({ method: METHOD_ORDER.find((each) => each === value) ?? draft.method })}
    >
      <SimpleGrid cols={{ base: 1, sm: 2 }} spacing="xs" mt={6}>
        {METHOD_ORDER.map((method) => (
          <div key={method} className="pl-panel" style={{ padding: 12 }}>
            <Radio
              value={method}
              size="sm"
              label={METHOD_WORDS[method].label}
              description={METHOD_WORDS[method].about}
            />
          </div>
        ))}
      </SimpleGrid>
    </Radio.Group>
  );
}

function Features({ draft, set }: PartProps) {
  return (
    <Stack gap="xs">
      <Title order={2}>What people are compared by</Title>
      {draft.features.map((feature, index) => (
        <FeatureRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a feature is known by its place while it is edited
          key={index}
          feature={feature}
          position={index + 1}
          onChange={(next) => set({ features: draft.features.with(index, next) })}
          onRemove={() => set({ features: draft.features.toSpliced(index, 1) })}
        />
      ))}
      <Button
        variant="default"
        leftSection={<IconPlus size={14} aria-hidden />}
        style={{ alignSelf: 'flex-start' }}
        onClick={() => set({ features: [...draft.features, NEW_FEATURE] })}
      >
        Add a feature
      </Button>
    </Stack>
  );
}

function OrderSettings({ draft, set }: PartProps) {
  return (
    <Group gap="xs">
      <EventField
        label="Event of an order"
        value={draft.order_event}
        onChange={(order_event) => set({ order_event })}
      />
      <TextInput
        label="Property with its value"
        value={draft.revenue}
        onChange={(event) => set({ revenue: event.currentTarget.value })}
      />
    </Group>
  );
}

function Limits({ draft, set }: PartProps) {
  return (
    <Group gap="xs" align="flex-end">
      <NumberInput
        label="Behaviour of the last days"
        w={170}
        min={1}
        max={3_650}
        value={draft.window_days}
        onChange={(value) => set({ window_days: Number(value) || 1 })}
      />
      {draft.method !== 'rfm' && (
        <NumberInput
          label="Segments a team can use"
          description="More are shown, never chosen"
          w={190}
          min={2}
          max={50}
          value={draft.cap}
          onChange={(value) => set({ cap: Number(value) || 2 })}
        />
      )}
      {draft.method === 'kmeans' && (
        <>
          <NumberInput
            label="Try from"
            w={80}
            min={2}
            max={30}
            value={draft.clusters.min}
            onChange={(value) => set({ clusters: { ...draft.clusters, min: Number(value) || 2 } })}
          />
          <NumberInput
            label="to"
            w={80}
            min={2}
            max={30}
            value={draft.clusters.max}
            onChange={(value) => set({ clusters: { ...draft.clusters, max: Number(value) || 2 } })}
          />
        </>
      )}
      <NumberInput
        label="Find anew every days"
        placeholder="by hand"
        w={150}
        min={1}
        max={3_650}
        value={draft.refit_days ?? ''}
        onChange={(value) => set({ refit_days: value === '' ? null : Number(value) })}
      />
      <Switch
        label="Also when people have changed"
        pb={6}
        checked={draft.refit_on_drift}
        onChange={(event) => set({ refit_on_drift: event.currentTarget.checked })}
      />
    </Group>
  );
}
