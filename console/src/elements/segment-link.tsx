import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';

interface Props {
  readonly name: string;
  /** Shown in place of the name. */
  readonly label?: string;
}

/** To the page of a segment, of a rule or discovered. */
export function SegmentLink({ name, label = name }: Props) {
  return (
    <Anchor component={Link} to="/segments" search={{ open: name } as never} inherit>
      {label}
    </Anchor>
  );
}
