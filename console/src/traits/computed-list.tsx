import { Button, Group, Progress, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useMayEdit } from '../api/session.ts';
import { type ComputedTrait, useComputedTraits, useTraits } from '../api/traits.ts';
import { Drafts } from '../elements/drafts.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag, type Tone } from '../elements/tag.tsx';
import { RemoveTrait } from './remove-trait.tsx';
import { readTrait, traitWords } from './trait-body.ts';

interface Props {
  readonly onEdit: (name: string) => void;
}

export function ComputedList({ onEdit }: Props) {
  const traits = useComputedTraits();
  const may_edit = useMayEdit();
  const [removing, setRemoving] = useState('');
  return (
    <Stack gap="sm">
      <Drafts kind="computed-trait" onOpen={onEdit} />
      <QueryState query={traits}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote title="No computed traits yet">
              <Stack gap="sm" align="center">
                Orders in 90 days, revenue, favourite category, days since the last visit: made of events,
                kept up to date with every one, and the same for the past.
                <Button disabled={!may_edit} onClick={() => onEdit('new')}>
                  Make the first one
                </Button>
              </Stack>
            </EmptyNote>
          ) : (
            <TraitTable traits={list} onEdit={onEdit} onRemove={setRemoving} />
          )
        }
      </QueryState>
      <RemoveTrait name={removing} onClose={() => setRemoving('')} />
    </Stack>
  );
}

const STATES: Readonly<Record<ComputedTrait['state'], { readonly tone: Tone; readonly words: string }>> = {
  ready: { tone: 'green', words: 'Up to date' },
  computing: { tone: 'blue', words: 'Counting the past' },
  failed: { tone: 'red', words: 'Failed' },
};

interface TableProps extends Props {
  readonly traits: readonly ComputedTrait[];
  readonly onRemove: (name: string) => void;
}

function TraitTable({ traits, onEdit, onRemove }: TableProps) {
  const may_edit = useMayEdit();
  const people = new Map((useTraits().data ?? []).map((trait) => [trait.name, trait.people]));
  return (
    <ScrollTable label="Computed traits" min_width={820}>
      <thead>
        <tr>
          <th>Trait</th>
          <th>How</th>
          <th data-number>People</th>
          <th>State</th>
          <th>Last run</th>
          <th>
            <span className="pl-hidden">Actions</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {traits.map((trait) => (
          <tr key={trait.name}>
            <td style={{ maxWidth: 240 }}>
              <button type="button" className="pl-row-button" onClick={() => onEdit(trait.name)}>
                {trait.name}
              </button>
              <Text size="xs" c="dimmed">
                {trait.description}
              </Text>
            </td>
            <td style={{ maxWidth: 340 }}>{traitWords(readTrait(trait.body))}</td>
            <td data-number>{formatCount(people.get(trait.name))}</td>
            <td>
              <Tag tone={STATES[trait.state].tone}>{STATES[trait.state].words}</Tag>
              {trait.state === 'computing' && (
                <Progress value={trait.progress * 100} mt={4} aria-label={`Progress of ${trait.name}`} />
              )}
              {trait.problem !== '' && (
                <Text size="xs" c="var(--pl-red)">
                  {trait.problem}
                </Text>
              )}
            </td>
            <td style={{ whiteSpace: 'nowrap' }}>
              {trait.calc === 'sql' ? <RelativeTime at={trait.last_run_at} /> : 'with every event'}
            </td>
            <td>
              <Group gap={4} wrap="nowrap" justify="flex-end">
                <Button size="compact-xs" variant="default" onClick={() => onEdit(trait.name)}>
                  Edit
                </Button>
                <Button
                  size="compact-xs"
                  variant="default"
                  disabled={!may_edit}
                  onClick={() => onRemove(trait.name)}
                >
                  Remove
                </Button>
              </Group>
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
