import { Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback, useHotkeys } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useEffect, useRef, useState } from 'react';
import { EVENT_TYPES, type EventFilter, FATES } from '../api/events.ts';
import { useSources } from '../api/sources.ts';
import type { AddressPatch } from '../elements/address-state.ts';
import { FATE_WORDS } from '../elements/fate-tag.tsx';

interface Props {
  readonly filter: EventFilter;
  readonly onChange: (patch: AddressPatch) => void;
}

export function EventFilters({ filter, onChange }: Props) {
  const sources = useSources().data ?? [];
  return (
    <Group gap="xs">
      <Search value={filter.q ?? ''} onChange={(q) => onChange({ q })} />
      <Group gap={4} role="group" aria-label="What became of the event">
        {FATES.map((fate) => (
          <button
            key={fate}
            type="button"
            className="pl-filter"
            aria-pressed={filter.fate === fate}
            title={FATE_WORDS[fate].meaning}
            onClick={() => onChange({ fate: filter.fate === fate ? null : fate })}
          >
            {FATE_WORDS[fate].label}
          </button>
        ))}
      </Group>
      <Select
        aria-label="Source"
        placeholder="All sources"
        clearable
        w={150}
        clearButtonProps={{ 'aria-label': 'All sources' }}
        data={sources.map((source) => ({ value: source.id, label: source.name }))}
        value={filter.source ?? null}
        onChange={(source) => onChange({ source })}
      />
      <Select
        aria-label="Kind of call"
        placeholder="All types"
        clearable
        w={120}
        clearButtonProps={{ 'aria-label': 'All types' }}
        data={[...EVENT_TYPES]}
        value={filter.type ?? null}
        onChange={(type) => onChange({ type })}
      />
      <button
        type="button"
        className="pl-filter"
        aria-pressed={filter.bot === 'true'}
        title="Only events that look machine-made"
        onClick={() => onChange({ bot: filter.bot === 'true' ? null : 'true' })}
      >
        Bots
      </button>
      {filter.person !== undefined && (
        <button
          type="button"
          className="pl-filter"
          aria-pressed="true"
          onClick={() => onChange({ person: null })}
        >
          Person {filter.person} ×
        </button>
      )}
    </Group>
  );
}

/** Waits for a pause in typing before it asks the server. `/` puts the cursor here. */
function Search({ value, onChange }: { readonly value: string; readonly onChange: (text: string) => void }) {
  const [text, setText] = useState(value);
  const field = useRef<HTMLInputElement>(null);
  const ask = useDebouncedCallback(onChange, 250);
  useHotkeys([['/', () => field.current?.focus()]]);
  useEffect(() => setText(value), [value]);
  return (
    <TextInput
      ref={field}
      aria-label="Search events"
      placeholder="Search name, id, person (press /)"
      leftSection={<IconSearch size={14} aria-hidden />}
      style={{ flex: '1 1 200px', maxWidth: 320 }}
      value={text}
      onChange={(event) => {
        setText(event.currentTarget.value);
        ask(event.currentTarget.value);
      }}
      onKeyDown={(event) => {
        if (event.key === 'Escape') event.currentTarget.blur();
      }}
    />
  );
}
