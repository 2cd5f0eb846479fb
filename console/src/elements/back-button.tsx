import { Button } from '@mantine/core';
import { IconArrowLeft } from '@tabler/icons-react';

interface Props {
  /** Where it leads: 'All runs'. */
  readonly children: string;
  readonly onClick: () => void;
}

/** From one of a list to the list, within a page. */
export function BackButton({ children, onClick }: Props) {
  return (
    <Button
      variant="default"
      leftSection={<IconArrowLeft size={14} aria-hidden />}
      style={{ alignSelf: 'flex-start' }}
      onClick={onClick}
    >
      {children}
    </Button>
  );
}
