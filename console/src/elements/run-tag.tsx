import type { Run } from '../api/runs.ts';
import { Tag, type Tone } from './tag.tsx';

const STATES: Record<Run['state'], { readonly tone: Tone; readonly label: string }> = {
  running: { tone: 'blue', label: 'Running' },
  done: { tone: 'green', label: 'Done' },
  failed: { tone: 'red', label: 'Failed' },
  cancelled: { tone: 'amber', label: 'Cancelled' },
};

/** How long work stands. */
export function RunTag({ state }: { readonly state: Run['state'] }) {
  return <Tag tone={STATES[state].tone}>{STATES[state].label}</Tag>;
}
