import type { Fate } from '../api/events.ts';
import { Tag, type Tone } from './tag.tsx';

export const FATE_WORDS: Record<
  Fate,
  { readonly label: string; readonly tone: Tone; readonly meaning: string }
> = {
  stored: { label: 'Stored', tone: 'green', meaning: 'Kept and ready for use.' },
  deduplicated: {
    label: 'Repeat',
    tone: 'grey',
    meaning: 'The same message had arrived before; counted once.',
  },
  filtered: { label: 'Filtered', tone: 'amber', meaning: 'Left out on purpose by a rule, such as sampling.' },
  quarantined: {
    label: 'Quarantined',
    tone: 'red',
    meaning: 'Set aside with its full content until it is repaired.',
  },
  pending: { label: 'Pending', tone: 'blue', meaning: 'Safely received; processing has not finished yet.' },
};

export function FateTag({ fate }: { readonly fate: Fate }) {
  const words = FATE_WORDS[fate] ?? { label: fate, tone: 'grey', meaning: '' };
  return (
    <Tag tone={words.tone} title={words.meaning}>
      {words.label}
    </Tag>
  );
}
