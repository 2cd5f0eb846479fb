import { Button, Select, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import type { Policy } from '../api/segment-sets.ts';
import { moved } from '../elements/moved.ts';
import { NewestDefinition } from '../elements/newest-definition.tsx';
import { ReleasePanel } from '../elements/release-panel.tsx';
import { FallbackRow } from './fallback-row.tsx';
import { MemberRow } from './member-row.tsx';
import { POLICY_WORDS } from './policy-words.ts';
import { bodyOf, draftOf, NEW_FALLBACK, NEW_MEMBER, NEW_SET, type SetDraft } from './set-draft.ts';

const KIND = 'segment-precedence';

interface Props {
  /** Empty for a new one. */
  readonly name: string;
  readonly onReleased: (name: string) => void;
}

/** A set as a form: its members in order, who wins, and where newcomers go. */
export function SetForm(props: Props) {
  return (
    <NewestDefinition kind={KIND} name={props.name}>
      {(body) => <Form {...props} initial={body === null ? NEW_SET : draftOf(body)} />}
    </NewestDefinition>
  );
}

function Form({ name: given, initial, onReleased }: Props & { readonly initial: SetDraft }) {
  const [name, setName] = useState(given);
  const [draft, setDraft] = useState(initial);
  const set = (patch: Partial<SetDraft>) => setDraft({ ...draft, ...patch });
  return (
    <Stack gap="md">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
        <TextInput
          label="Name"
          placeholder="newsletters"
          disabled={given !== ''}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label="What it is for"
          value={draft.description}
          onChange={(event) => set({ description: event.currentTarget.value })}
        />
        <Select
          label="When a person is in two"
          allowDeselect={false}
          data={Object.entries(POLICY_WORDS).map(([value, label]) => ({ value, label }))}
          value={draft.policy}
          onChange={(policy) => set({ policy: (policy ?? 'priority') as Policy })}
        />
      </SimpleGrid>
      <Members draft={draft} set={set} />
      <Fallbacks draft={draft} set={set} />
      <ReleasePanel
        definition={{ kind: KIND, name: name.trim(), body: bodyOf(draft) }}
        onReleased={() => onReleased(name.trim())}
      />
    </Stack>
  );
}

interface PartProps {
  readonly draft: SetDraft;
  readonly set: (patch: Partial<SetDraft>) => void;
}

/** The list with the item at a place changed; undefined takes it out. */
const changed = <T,>(list: readonly T[], at: number, next: T | undefined): readonly T[] =>
  next === undefined ? list.toSpliced(at, 1) : list.with(at, next);

function Members({ draft, set }: PartProps) {
  return (
    <Stack gap="xs">
      <Title order={2}>Segments in order</Title>
      {draft.members.map((_, index) => (
        <MemberRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a member is known by its place
          key={index}
          draft={draft}
          position={index}
          onChange={(next) => set({ members: changed(draft.members, index, next) })}
          onMove={(by) => set({ members: moved(draft.members, index, by) })}
        />
      ))}
      <AddButton onClick={() => set({ members: [...draft.members, NEW_MEMBER] })}>Add a segment</AddButton>
    </Stack>
  );
}

function Fallbacks({ draft, set }: PartProps) {
  return (
    <Stack gap="xs">
      <Title order={2}>People who are in none yet</Title>
      <Text size="sm" c="dimmed">
        What their first visit shows decides, until they do something. The first line that fits counts.
      </Text>
      {draft.cold_start.map((fallback, index) => (
        <FallbackRow
          // biome-ignore lint/suspicious/noArrayIndexKey: a fallback is known by its place
          key={index}
          fallback={fallback}
          position={index}
          onChange={(next) => set({ cold_start: changed(draft.cold_start, index, next) })}
        />
      ))}
      <AddButton onClick={() => set({ cold_start: [...draft.cold_start, NEW_FALLBACK] })}>
        Add a fallback
      </AddButton>
    </Stack>
  );
}

function AddButton({ onClick, children }: { readonly onClick: () => void; readonly children: string }) {
  return (
    <Button
      variant="default"
      leftSection={<IconPlus size={14} aria-hidden />}
      style={{ alignSelf: 'flex-start' }}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
