import type { Policy } from '../api/segment-sets.ts';

export const POLICY_WORDS: Readonly<Record<Policy, string>> = {
  priority: 'the first in the order wins',
  largest_value: 'the most valuable wins',
  most_recent: 'the one entered last wins',
  none_when_conflict: 'nobody wins: the person is in none',
};
