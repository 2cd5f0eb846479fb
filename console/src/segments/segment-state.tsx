import { Alert, Text } from '@mantine/core';
import { IconAlertTriangle } from '@tabler/icons-react';
import type { SegmentSummary } from '../api/segments.ts';
import { Tag, type Tone } from '../elements/tag.tsx';

const STATES: Record<SegmentSummary['state'], { readonly tone: Tone; readonly label: string }> = {
  live: { tone: 'green', label: 'Live' },
  building: { tone: 'blue', label: 'Being worked out' },
  failed: { tone: 'red', label: 'Cannot be worked out' },
};

/** Whether its rule has its answers; why not is said on hover. */
export function SegmentState({
  of,
  problem = null,
}: {
  readonly of: SegmentSummary['state'];
  readonly problem?: string | null;
}) {
  const { tone, label } = STATES[of];
  return (
    <Tag tone={tone} {...(problem === null ? {} : { title: problem })}>
      {label}
    </Tag>
  );
}

/** Why the rule has no answer, and what happens next. Silent while all is well. */
export function SegmentProblem({ segment }: { readonly segment: SegmentSummary }) {
  if (segment.problem === null) return null;
  const title =
    segment.state === 'live' ? 'The last refresh left it out' : 'The rule cannot be worked out as it is';
  return (
    <Alert
      color="red.9"
      variant="outline"
      icon={<IconAlertTriangle size={18} aria-hidden />}
      role="region"
      aria-label={title}
    >
      <Text size="sm" fw={600}>
        {title}
      </Text>
      <Text size="sm">
        {`${segment.problem.charAt(0).toUpperCase()}${segment.problem.slice(1)}.`} Who is in it stays as it
        was. It is tried again every 15 minutes, when the rule changes, and by Refresh now.
      </Text>
    </Alert>
  );
}
