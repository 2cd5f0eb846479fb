import {
  Autocomplete,
  Button,
  Group,
  NumberInput,
  Select,
  Stack,
  Switch,
  TagsInput,
  Textarea,
  TextInput,
} from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useMemo, useState } from 'react';
import { EVENT_TYPES } from '../api/events.ts';
import { type KnownField, useCatalogue } from '../api/segment-rules.ts';
import { useTraitPreview } from '../api/traits.ts';
import { NewestDefinition } from '../elements/newest-definition.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { ReleasePanel } from '../elements/release-panel.tsx';
import { CALCS, missing, needsProperty, readTrait, type TraitForm, writeTrait } from './trait-body.ts';
import { TraitConditions } from './trait-conditions.tsx';
import { PreviewOfTrait } from './trait-preview.tsx';

const KIND = 'computed-trait';

interface Props {
  /** Empty for a new one. */
  readonly name: string;
  readonly onDone: () => void;
}

export function TraitEditor({ name, onDone }: Props) {
  return (
    <NewestDefinition kind={KIND} name={name}>
      {(body) => <Bench name={name} body={body} onDone={onDone} />}
    </NewestDefinition>
  );
}

function Bench({ name: given, body: initial, onDone }: Props & { readonly body: unknown }) {
  const [name, setName] = useState(given);
  const [form, setForm] = useState(() => readTrait(initial));
  const body = useMemo(() => writeTrait(form), [form]);
  const [settled] = useDebouncedValue(form, 450);
  const open = missing(form);
  const preview = useTraitPreview(missing(settled) === '' ? writeTrait(settled) : undefined);
  const set = (patch: Partial<TraitForm>) => setForm({ ...form, ...patch });
  return (
    <Stack gap="md">
      <PageHead
        title={given === '' ? 'New computed trait' : `Edit ${given}`}
        about="Made of events, for the past as well; nothing changes before you release."
        actions={
          <Button variant="default" onClick={onDone}>
            Back
          </Button>
        }
      />
      <div className="pl-person">
        <Stack gap="md" style={{ minWidth: 0 }}>
          <Stack className="pl-panel" p="md" gap="sm">
            <Group gap="sm" align="flex-end">
              <TextInput
                label="Name"
                placeholder="orders_90d"
                style={{ flex: '1 1 180px' }}
                value={name}
                readOnly={given !== ''}
                onChange={(event) => setName(event.currentTarget.value.trim())}
              />
              <TextInput
                label="Label"
                placeholder="Orders in 90 days"
                style={{ flex: '1 1 180px' }}
                value={form.label}
                onChange={(event) => set({ label: event.currentTarget.value })}
              />
              <TextInput
                label="Unit"
                placeholder="EUR"
                w={90}
                value={form.unit}
                onChange={(event) => set({ unit: event.currentTarget.value })}
              />
            </Group>
            <TextInput
              label="Description"
              value={form.description}
              onChange={(event) => set({ description: event.currentTarget.value })}
            />
          </Stack>
          <Stack className="pl-panel" p="md" gap="sm">
            <Select
              label="What it says"
              allowDeselect={false}
              maw={320}
              data={CALCS.map(({ value, label }) => ({ value, label }))}
              value={form.calc}
              onChange={(calc) => set({ calc: calc ?? 'count' })}
            />
            {form.calc === 'sql' ? (
              <SqlFields form={form} set={set} />
            ) : (
              <EventFields form={form} set={set} />
            )}
          </Stack>
          <ReleasePanel
            definition={{ kind: KIND, name, body }}
            hint={open || (name === '' ? 'Give it a name first.' : '')}
            onReleased={onDone}
          />
        </Stack>
        <PreviewOfTrait preview={preview} unit={form.unit} open={open} />
      </div>
    </Stack>
  );
}

interface PartProps {
  readonly form: TraitForm;
  readonly set: (patch: Partial<TraitForm>) => void;
}

function EventFields({ form, set }: PartProps) {
  const events = useCatalogue().data?.events ?? [];
  const chosen = events.filter((each) => form.events.length === 0 || form.events.includes(each.event));
  const fields: readonly KnownField[] = [
    ...new Map(chosen.flatMap((each) => each.fields).map((field) => [field.name, field])).values(),
  ];
  return (
    <>
      <Group gap="sm" align="flex-start">
        <TagsInput
          size="xs"
          label="Events that count"
          placeholder="Name of an event, Enter"
          style={{ flex: '1 1 260px' }}
          data={[...new Set(events.map((each) => each.event).filter((event) => event !== ''))]}
          value={[...form.events]}
          onChange={(list) => set({ events: list })}
        />
        <Select
          label="Kind of call"
          placeholder="any"
          w={120}
          clearable
          clearButtonProps={{ 'aria-label': 'Any kind' }}
          data={[...EVENT_TYPES]}
          value={form.type === '' ? null : form.type}
          onChange={(type) => set({ type: type ?? '' })}
        />
        {needsProperty(form.calc) && (
          <Autocomplete
            size="xs"
            label="Property"
            placeholder="total"
            style={{ flex: '1 1 160px' }}
            data={fields.map((field) => field.name)}
            limit={50}
            value={form.property}
            onChange={(property) => set({ property })}
          />
        )}
      </Group>
      <TraitConditions conditions={form.where} fields={fields} onChange={(where) => set({ where })} />
      <Group gap="md" align="flex-end">
        <NumberInput
          label="Only the last days (UTC)"
          placeholder="all of them"
          w={190}
          min={1}
          max={400}
          allowDecimal={false}
          value={form.window_days ?? ''}
          onChange={(days) => set({ window_days: typeof days === 'number' ? days : undefined })}
        />
        <Switch
          label="Events of bots count too"
          checked={form.bots}
          onChange={(event) => set({ bots: event.currentTarget.checked })}
        />
      </Group>
    </>
  );
}

function SqlFields({ form, set }: PartProps) {
  return (
    <>
      <Textarea
        label="Query"
        description="One SELECT with the columns person and value; {person} and {events} stand for what they say."
        className="pl-editor"
        autosize
        minRows={6}
        spellCheck={false}
        value={form.sql}
        onChange={(event) => set({ sql: event.currentTarget.value })}
      />
      <NumberInput
        label="Runs again after hours"
        w={170}
        min={1}
        max={720}
        value={form.every_hours}
        onChange={(hours) => set({ every_hours: typeof hours === 'number' ? hours : 24 })}
      />
    </>
  );
}
