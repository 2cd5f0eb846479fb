import { Text } from '@mantine/core';
import { useMayEdit } from '../api/session.ts';

/** Says why e-mail addresses and the like end in an ellipsis. */
export function ShortenedNote() {
  if (useMayEdit()) return null;
  return (
    <Text size="sm" c="dimmed">
      Contact data is shortened for your role.
    </Text>
  );
}
