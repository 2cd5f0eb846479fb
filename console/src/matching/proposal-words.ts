import type { Proposal, ProposalState, RecordRef } from '../api/matching.ts';
import type { Tone } from '../elements/tag.tsx';

export const STATE_WORDS: Readonly<Record<ProposalState, string>> = {
  open: 'Open',
  unsure: 'Unsure',
  accepted: 'Accepted, not joined',
  linked: 'Joined',
  rejected: 'Rejected',
  stale: 'No longer proposed',
};

export const STATE_TONES: Readonly<Record<ProposalState, Tone>> = {
  open: 'blue',
  unsure: 'amber',
  accepted: 'amber',
  linked: 'green',
  rejected: 'red',
  stale: 'grey',
};

/** Why a pair waits for a person instead of being joined by itself. */
export const REASON_WORDS: Readonly<Record<Proposal['reason'], string>> = {
  below_accept: 'Likely, but not likely enough to be joined without a look.',
  rival: 'Another record fits nearly as well, so only a person can tell.',
  bridge: 'Joining these two would also join two groups that hardly resemble each other.',
  assignment: 'One of the two already has a better partner.',
  not_auto: 'These rules only propose; nothing is joined without a person.',
  none: '',
};

export function sideWords(side: RecordRef): string {
  return side.kind === 'person' ? 'Person' : `List ${side.list}`;
}
