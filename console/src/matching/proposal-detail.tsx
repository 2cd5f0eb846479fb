import { Anchor, Button, Group, Kbd, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import {
  type Decision,
  type FieldPair,
  type Proposal,
  type RecordRef,
  useProposal,
} from '../api/matching.ts';
import { useMayEdit } from '../api/session.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { chanceWords, fieldWords } from './evidence-words.ts';
import { REASON_WORDS, STATE_TONES, STATE_WORDS, sideWords } from './proposal-words.ts';
import { WaterfallChart } from './waterfall-chart.tsx';

interface Props {
  readonly id: string;
  readonly busy: boolean;
  readonly onDecide: (decision: Decision) => void;
}

/** One pair: both records side by side, why they may be one person, and the decision. */
export function ProposalDetail({ id, busy, onDecide }: Props) {
  const proposal = useProposal(id);
  return (
    <QueryState query={proposal} lines={9}>
      {(data) => (
        <Stack gap="sm">
          <Head proposal={data.proposal} />
          <Decisions proposal={data.proposal} busy={busy} onDecide={onDecide} />
          <SideBySide proposal={data.proposal} fields={data.fields} />
          <Title order={2}>Why they may be the same</Title>
          <WaterfallChart waterfall={data.waterfall} />
        </Stack>
      )}
    </QueryState>
  );
}

function Head({ proposal }: { readonly proposal: Proposal }) {
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Title order={2}>Chance of one person: {chanceWords(proposal.probability)}</Title>
        <StateTag proposal={proposal} />
      </Group>
      {proposal.state === 'open' && proposal.reason !== 'none' && (
        <Text size="sm" c="dimmed">
          {REASON_WORDS[proposal.reason]}
        </Text>
      )}
      {proposal.note !== '' && <Text size="sm">{proposal.note}</Text>}
      {proposal.decided_at !== null && (
        <Text size="xs" c="dimmed">
          Decided <RelativeTime at={proposal.decided_at} />
        </Text>
      )}
    </Stack>
  );
}

const StateTag = ({ proposal: { state, taken_apart } }: { readonly proposal: Proposal }) =>
  taken_apart ? (
    <Tag tone="amber">Taken apart again</Tag>
  ) : (
    <Tag tone={STATE_TONES[state]}>{STATE_WORDS[state]}</Tag>
  );

const BUTTONS: readonly { decision: Decision; words: string; key: string }[] = [
  { decision: 'accept', words: 'Same person', key: 'A' },
  { decision: 'reject', words: 'Different', key: 'R' },
  { decision: 'unsure', words: 'Unsure', key: 'U' },
];

function Decisions({ proposal, busy, onDecide }: Omit<Props, 'id'> & { readonly proposal: Proposal }) {
  const may_edit = useMayEdit();
  if (proposal.state === 'linked' && !proposal.taken_apart)
    return (
      <Text size="sm">
        These two are joined. {proposal.left.kind === 'person' && <PersonLink side={proposal.left} />} shows
        the merge, and can take it apart again.
      </Text>
    );
  const decided = proposal.state !== 'open' && proposal.state !== 'stale';
  return (
    <Group gap="xs">
      {BUTTONS.filter(({ decision }) => proposal.state !== 'unsure' || decision !== 'unsure').map(
        ({ decision, words, key }) => (
          <Button
            key={decision}
            variant={decision === 'accept' ? 'filled' : 'default'}
            disabled={!may_edit || busy}
            onClick={() => onDecide(decision)}
            rightSection={<KeyHint>{key}</KeyHint>}
          >
            {words}
          </Button>
        ),
      )}
      {decided && (
        <Button variant="default" disabled={!may_edit || busy} onClick={() => onDecide('undo')}>
          Put back in the queue
        </Button>
      )}
      {proposal.taken_apart && (
        <Text size="xs" c="dimmed">
          These two were joined and are two people again: decide anew.
        </Text>
      )}
      {proposal.state === 'open' && (
        <Text size="xs" c="dimmed">
          Joining can be taken apart later, on the person’s page.
        </Text>
      )}
    </Group>
  );
}

const KeyHint = ({ children }: { readonly children: ReactNode }) => (
  <Kbd size="xs" aria-hidden visibleFrom="sm">
    {children}
  </Kbd>
);

function SideBySide({
  proposal,
  fields,
}: {
  readonly proposal: Proposal;
  readonly fields: readonly FieldPair[];
}) {
  return (
    <ScrollTable label="Both records" min_width={340}>
      <thead>
        <tr>
          <th>Field</th>
          <th>Compared</th>
          <th>
            <SideHead side={proposal.left} />
          </th>
          <th>
            <SideHead side={proposal.right} />
          </th>
        </tr>
      </thead>
      <tbody>
        {fields.map((field) => (
          <tr key={field.field}>
            <td>{fieldWords(field.field)}</td>
            <td>
              <Compared field={field} />
            </td>
            <td style={{ overflowWrap: 'anywhere' }}>{field.left || '–'}</td>
            <td style={{ overflowWrap: 'anywhere' }}>{field.right || '–'}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Compared({ field }: { readonly field: FieldPair }) {
  if (field.left === '' || field.right === '') return <Tag tone="grey">Missing</Tag>;
  return field.equal ? <Tag tone="green">Same</Tag> : <Tag tone="amber">Differs</Tag>;
}

function SideHead({ side }: { readonly side: RecordRef }) {
  return side.kind === 'person' ? (
    <PersonLink side={side} />
  ) : (
    <>
      {sideWords(side)}, {side.record_id}
    </>
  );
}

const PersonLink = ({ side }: { readonly side: RecordRef }) => (
  <Anchor component={Link} to="/people" search={{ open: side.record_id } as never} inherit>
    Person {side.record_id.slice(0, 6)}
  </Anchor>
);
