import { Button, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type TraitName, useTraits } from '../api/traits.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { TraitSettings } from './trait-settings.tsx';

const ORIGINS = {
  said: 'Sources',
  kept: 'Plumbline, from events',
  group: 'Groups',
  computed: 'Computed',
} as const;

/** Every trait that people have, with what the team says about it. */
export function TraitList() {
  const traits = useTraits();
  const [wanted, setWanted] = useState('');
  const [chosen, setChosen] = useState<TraitName | undefined>();
  return (
    <QueryState query={traits}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="No traits yet">
            They come with identify calls, from events, and with imports.
          </EmptyNote>
        ) : (
          <Stack gap="sm">
            <TextInput
              aria-label="Filter traits"
              placeholder="Filter by name or label"
              maw={320}
              value={wanted}
              onChange={(event) => setWanted(event.currentTarget.value)}
            />
            <Table
              traits={list.filter((each) =>
                `${each.name} ${each.label}`.toLowerCase().includes(wanted.toLowerCase()),
              )}
              onOpen={setChosen}
            />
            <TraitSettings trait={chosen} onClose={() => setChosen(undefined)} />
          </Stack>
        )
      }
    </QueryState>
  );
}

interface TableProps {
  readonly traits: readonly TraitName[];
  readonly onOpen: (trait: TraitName) => void;
}

function Table({ traits, onOpen }: TableProps) {
  return (
    <ScrollTable label="Traits" min_width={720} max_height="max(320px, calc(100dvh - 260px))">
      <thead>
        <tr>
          <th>Trait</th>
          <th>Label</th>
          <th>Type</th>
          <th data-number>People</th>
          <th>Comes from</th>
          <th>Fresh for</th>
          <th>
            <span className="pl-hidden">Settings</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {traits.map((trait) => (
          <tr key={trait.name}>
            <td>
              <span className="pl-mono">{trait.name}</span>{' '}
              {trait.sensitive && <Tag tone="amber">sensitive</Tag>}
            </td>
            <td>
              {trait.label} {trait.unit !== '' && `(${trait.unit})`}
            </td>
            <td>{trait.types.join(', ')}</td>
            <td data-number>{formatCount(trait.people)}</td>
            <td>{ORIGINS[trait.origin]}</td>
            <td>{trait.fresh_for_days === null ? 'ever' : `${formatCount(trait.fresh_for_days)} days`}</td>
            <td>
              <Button
                size="compact-xs"
                variant="default"
                aria-label={`Settings of ${trait.name}`}
                onClick={() => onOpen(trait)}
              >
                Settings
              </Button>
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
