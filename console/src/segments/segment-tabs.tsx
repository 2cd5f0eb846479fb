import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { AddressTabs } from '../elements/address-tabs.tsx';
import { SegmentValidation } from '../validation/segment-validation.tsx';
import { SegmentChanges } from './segment-changes.tsx';
import { SegmentMembers } from './segment-members.tsx';
import { SegmentOverlap } from './segment-overlap.tsx';

interface Props {
  readonly segment: { readonly name: string; readonly people: number | null };
  readonly overview: ReactNode;
  /** A rule decides who is in, and can say why. */
  readonly ruled: boolean;
}

/** What every segment has, whoever decides who is in it. */
export function SegmentTabs({ segment, overview, ruled }: Props) {
  const { name } = segment;
  return (
    <AddressTabs
      tabs={[
        { value: 'overview', label: 'Overview', panel: overview },
        { value: 'members', label: 'People', panel: <SegmentMembers segment={name} ruled={ruled} /> },
        { value: 'changes', label: 'In and out', panel: <SegmentChanges segment={name} /> },
        { value: 'overlap', label: 'Overlap', panel: <SegmentOverlap segment={segment} /> },
        { value: 'checks', label: 'Checks', panel: <SegmentValidation segment={name} /> },
      ]}
    />
  );
}

/** To the check of what it gives away. */
export function SensitivityLink({ segment }: { readonly segment: string }) {
  return (
    <Anchor
      component={Link}
      to="/segments"
      search={{ open: segment, tab: 'checks', check: 'sensitivity' } as never}
      size="sm"
    >
      Does it give away anything sensitive?
    </Anchor>
  );
}
