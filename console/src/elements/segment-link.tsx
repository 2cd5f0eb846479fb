import { Anchor } from '@mantine/core';
import { Link } from '@tanstack/react-router';

interface Props {
  readonly name: string;
  /** Shown in place of the name. */
  readonly label?: string;
}

/** To the page of a segment: one that was found, `segmentation/cluster`, is shown with its segmentation. */
export function SegmentLink({ name, label = name }: Props) {
  const at = name.indexOf('/');
  const found = { open: name.slice(0, at), cluster: name.slice(at + 1) };
  return (
    <Anchor
      component={Link}
      to={at < 0 ? '/segments' : '/discovered-segments'}
      search={(at < 0 ? { open: name } : found) as never}
      inherit
    >
      {label}
    </Anchor>
  );
}
