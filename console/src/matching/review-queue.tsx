import { Button, Group, Kbd, Progress, Select, Stack, Text } from '@mantine/core';
import { IconArrowBackUp } from '@tabler/icons-react';
import {
  PROPOSAL_STATES,
  type ProposalPage,
  type ProposalState,
  useMatchingRules,
  useProposals,
} from '../api/matching.ts';
import { useAddressState } from '../elements/address-state.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ProposalDetail } from './proposal-detail.tsx';
import { ProposalList } from './proposal-list.tsx';
import { STATE_WORDS } from './proposal-words.ts';
import { useReview } from './use-review.ts';

/** Pairs that wait for a person, likeliest first. `state`, `rules` and `proposal` live in the address. */
export function ReviewQueue() {
  const [address, setAddress] = useAddressState();
  const state = PROPOSAL_STATES.find((each) => each === address['state']) ?? 'open';
  const page = useProposals({ state, rules: address['rules'] });
  const rules = useMatchingRules().data ?? [];
  return (
    <Stack gap="sm">
      <QueryState query={page}>
        {(data) => (
          <>
            <ReviewProgress by_state={data.by_state} />
            <Group gap="xs" align="flex-end">
              <Select
                label="Show"
                allowDeselect={false}
                data={PROPOSAL_STATES.map((value) => ({
                  value,
                  label: `${STATE_WORDS[value]} (${formatCount(data.by_state[value])})`,
                }))}
                value={state}
                onChange={(value) => setAddress({ state: value, proposal: null })}
              />
              {rules.length > 1 && (
                <Select
                  label="Rules"
                  placeholder="All rules"
                  clearable
                  clearButtonProps={{ 'aria-label': 'All rules' }}
                  data={rules.map(({ name }) => name)}
                  value={address['rules'] ?? null}
                  onChange={(name) => setAddress({ rules: name, proposal: null })}
                />
              )}
            </Group>
            <Queue key={state} data={data} state={state} />
          </>
        )}
      </QueryState>
    </Stack>
  );
}

function ReviewProgress({ by_state }: Pick<ProposalPage, 'by_state'>) {
  const decided = by_state.accepted + by_state.linked + by_state.rejected + by_state.unsure;
  const all = decided + by_state.open;
  if (all === 0) return null;
  return (
    <Stack gap={4}>
      <Text size="sm" role="status">
        {formatCount(by_state.open)} of {formatCount(all)} left to review
      </Text>
      <Progress value={(decided / all) * 100} aria-label="Reviewed" size="sm" />
    </Stack>
  );
}

function Queue({ data, state }: { readonly data: ProposalPage; readonly state: ProposalState }) {
  const review = useReview(data.proposals, state);
  return (
    <>
      <Group gap="xs" justify="space-between">
        <Text size="xs" c="dimmed" visibleFrom="sm">
          <Kbd size="xs">J</Kbd> <Kbd size="xs">K</Kbd> move, <Kbd size="xs">A</Kbd> same person,{' '}
          <Kbd size="xs">R</Kbd> different, <Kbd size="xs">U</Kbd> unsure, <Kbd size="xs">Z</Kbd> undo
        </Text>
        <Button
          variant="default"
          leftSection={<IconArrowBackUp size={14} aria-hidden />}
          disabled={review.last === undefined || review.busy}
          onClick={review.undo}
        >
          Undo the last decision
        </Button>
      </Group>
      {review.error !== null && <ErrorState error={review.error} />}
      {data.proposals.length === 0 ? (
        <Nothing state={state} />
      ) : (
        <div className="pl-split">
          <ProposalList page={data} chosen={review.chosen} onChoose={review.choose} />
          <ProposalDetail
            key={review.chosen}
            id={review.chosen}
            busy={review.busy}
            onDecide={review.decide}
          />
        </div>
      )}
    </>
  );
}

function Nothing({ state }: { readonly state: ProposalState }) {
  if (state === 'open')
    return (
      <EmptyNote title="Nothing waits for review">
        Pairs appear here after a run found records that may be the same person. Start one under Runs.
      </EmptyNote>
    );
  return <EmptyNote title="No pair is in this state" />;
}
