import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useSegmentLabels } from '../api/segment-rules.ts';

interface Props {
  readonly name: string;
  /** What it is called, where that is at hand. */
  readonly label?: string;
}

/** To the page of a segment, of a rule or discovered. */
export function SegmentLink({ name, label }: Props) {
  const labelOf = useSegmentLabels();
  return (
    <Anchor component={Link} to="/segments" search={{ open: name } as never} inherit>
      {label ?? labelOf(name)}
    </Anchor>
  );
}
