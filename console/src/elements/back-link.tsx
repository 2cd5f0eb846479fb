import { Anchor, Group } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';

interface Props {
  readonly to: string;
  /** Where it leads: 'All people'. */
  readonly children: string;
}

/** From one of a list, which has a page head of its own, to the page of the list. */
export function BackLink({ to, children }: Props) {
  return (
    <Anchor component={Link} to={to} size="sm" mb={6} style={{ display: 'inline-block' }}>
      <Group gap={4} component="span">
        <IconArrowLeft size={14} aria-hidden /> {children}
      </Group>
    </Anchor>
  );
}
