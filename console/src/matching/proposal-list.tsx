import { Group, Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { Proposal, ProposalPage } from '../api/matching.ts';
import { formatCount } from '../elements/number-format.ts';
import { chanceWords } from './evidence-words.ts';
import { sideWords } from './proposal-words.ts';

interface Props {
  readonly page: ProposalPage;
  readonly chosen: string;
  readonly onChoose: (id: string) => void;
}

/** The pairs of the queue; the one shown beside it stays in sight. */
export function ProposalList({ page, chosen, onChoose }: Props) {
  const holder = useRef<HTMLElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: what is chosen decides what must be in sight
  useEffect(() => {
    const box = holder.current;
    const row = box?.querySelector<HTMLElement>('[aria-current=true]');
    if (box === null || row === null || row === undefined) return;
    const top = row.offsetTop - box.offsetTop;
    if (top < box.scrollTop || top + row.offsetHeight > box.scrollTop + box.clientHeight)
      box.scrollTop = top - 40;
  }, [chosen]);
  return (
    <nav ref={holder} className="pl-panel pl-queue" aria-label="Proposed pairs">
      {page.proposals.map((proposal) => (
        <Row key={proposal.id} proposal={proposal} chosen={proposal.id === chosen} onChoose={onChoose} />
      ))}
      {page.total > page.proposals.length && (
        <Text size="xs" c="dimmed" p="sm">
          The {formatCount(page.proposals.length)} likeliest of {formatCount(page.total)}; more follow as you
          decide.
        </Text>
      )}
    </nav>
  );
}

function Row(at: { proposal: Proposal; chosen: boolean; onChoose: (id: string) => void }) {
  const { proposal } = at;
  return (
    <button
      type="button"
      className="pl-pick"
      aria-current={at.chosen}
      onClick={() => at.onChoose(proposal.id)}
    >
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <span className="pl-truncate">{proposal.left_title || sideWords(proposal.left)}</span>
        <span className="pl-number">{chanceWords(proposal.probability)}</span>
      </Group>
      <Text size="xs" c="dimmed" truncate>
        {proposal.right_title || sideWords(proposal.right)}
      </Text>
    </button>
  );
}
