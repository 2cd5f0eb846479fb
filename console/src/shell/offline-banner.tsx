import { Alert } from '@mantine/core';
import { useNetwork } from '@mantine/hooks';
import { IconWifiOff } from '@tabler/icons-react';
import { ApiError } from '../api/api.ts';
import { useSession } from '../api/session.ts';

/** Says that what is shown may be old: the device is offline, or the server does not answer. */
export function OfflineBanner() {
  const { online } = useNetwork();
  const session = useSession();
  const unreachable = session.error instanceof ApiError && session.error.status === 0;
  if (online && !unreachable) return null;
  return (
    <Alert
      color="red.9"
      variant="outline"
      mb="sm"
      py="xs"
      icon={<IconWifiOff size={18} aria-hidden />}
      role="status"
    >
      {online ? 'The server does not answer.' : 'This device is offline.'} What you see may be out of date;
      the page catches up by itself.
    </Alert>
  );
}
