import { Button, Group, Text } from '@mantine/core';
import { formatCount } from './number-format.ts';

interface Props {
  /** Number of the first row shown, from 1. */
  readonly first: number;
  readonly shown: number;
  /** Of how many, where that is known. */
  readonly total?: number;
  /** There are rows after these. */
  readonly more: boolean;
  /** 'last seen first'; empty when it goes without saying. */
  readonly order: string;
  readonly onPage: (by: 1 | -1) => void;
}

/** Which rows these are, and the way to those before and after. */
export function Paging({ first, shown, total, more, order, onPage }: Props) {
  return (
    <Group justify="space-between" gap="xs">
      <Text size="xs" c="dimmed" role="status">
        {formatCount(first)} to {formatCount(first + shown - 1)}
        {total !== undefined && ` of ${formatCount(total)}`}
        {order !== '' && `, ${order}`}
      </Text>
      {(first > 1 || more) && (
        <Group gap="xs">
          <Button variant="default" disabled={first === 1} onClick={() => onPage(-1)}>
            Previous
          </Button>
          <Button variant="default" disabled={!more} onClick={() => onPage(1)}>
            Next
          </Button>
        </Group>
      )}
    </Group>
  );
}
