import { notifications } from '@mantine/notifications';
import { useEffect, useRef, useState } from 'react';
import { type Decision, type Proposal, type ProposalState, useDecide } from '../api/matching.ts';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { isTyping } from '../shell/page-shortcuts.ts';

const DONE: Readonly<Record<Decision, string>> = {
  accept: 'Same person.',
  reject: 'Different people.',
  unsure: 'Left as unsure.',
  undo: 'Back in the queue.',
};

/** What is shown, the decision on it, and the keys for both. After a decision the next pair comes by itself. */
export function useReview(proposals: readonly Proposal[], state: ProposalState) {
  const [address, setAddress] = useAddressState();
  const decision = useDecide();
  const may_edit = useMayEdit();
  const [last, setLast] = useState<string | undefined>();
  const index = Math.max(
    0,
    proposals.findIndex(({ id }) => id === address['proposal']),
  );
  const shown = proposals[index];
  const chosen = shown?.id ?? '';
  const choose = (id: string) => setAddress({ proposal: id });
  const move = (by: number) => {
    const next = proposals[Math.min(Math.max(index + by, 0), proposals.length - 1)];
    if (next !== undefined) choose(next.id);
  };
  const decide = (wanted: Decision) => {
    if (shown === undefined || decision.isPending || !may_edit) return;
    const next = proposals[index + 1] ?? proposals[index - 1];
    decision.mutate(
      { id: shown.id, decision: wanted },
      {
        onSuccess: ({ proposal }) => {
          setLast(wanted === 'undo' ? undefined : proposal.id);
          if (proposal.state === 'accepted') notify(`Accepted, but not joined. ${proposal.note}`);
          else notify(proposal.state === 'linked' ? 'Joined as one person.' : DONE[wanted]);
          setAddress({ proposal: next?.id ?? null });
        },
      },
    );
  };
  const undo = () => {
    if (last === undefined || decision.isPending) return;
    decision.mutate(
      { id: last, decision: 'undo' },
      {
        onSuccess: () => {
          setLast(undefined);
          notify(DONE.undo);
          setAddress({ proposal: state === 'open' ? last : null });
        },
      },
    );
  };
  useKeys({ j: () => move(1), k: () => move(-1), z: undo, ...decisionKeys(decide, shown) });
  return { chosen, choose, decide, undo, last, busy: decision.isPending, error: decision.error };
}

function decisionKeys(decide: (decision: Decision) => void, shown: Proposal | undefined) {
  if (shown === undefined || (shown.state === 'linked' && !shown.taken_apart)) return {};
  return { a: () => decide('accept'), r: () => decide('reject'), u: () => decide('unsure') };
}

function useKeys(keys: Readonly<Record<string, () => void>>): void {
  const current = useRef(keys);
  current.current = keys;
  const armed_at_ms = useRef(Number.NEGATIVE_INFINITY);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      // After `g` a letter names a page to go to.
      const goes_to_page = event.timeStamp - armed_at_ms.current < 1_200;
      armed_at_ms.current = event.key === 'g' ? event.timeStamp : Number.NEGATIVE_INFINITY;
      const in_dialog = document.querySelector('[role=dialog]') !== null;
      if (!goes_to_page && !in_dialog) current.current[event.key.toLowerCase()]?.();
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}

const notify = (message: string) => notifications.show({ message });
