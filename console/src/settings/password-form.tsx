import { Button, Group, PasswordInput, Stack, Text } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { type FormEvent, useState } from 'react';
import { useSession, useSetPassword } from '../api/session.ts';
import { ErrorState } from '../elements/error-state.tsx';

const SHORTEST = 12;

/** The first password, or a new one. */
export function PasswordForm() {
  const session = useSession();
  const set_password = useSetPassword();
  const [current, setCurrent] = useState('');
  const [password, setPassword] = useState('');
  const [again, setAgain] = useState('');
  const has_one = session.data?.password_set ?? true;
  const short = password !== '' && password.length < SHORTEST;
  const differs = again !== '' && again !== password;
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    set_password.mutate(
      { password, ...(has_one ? { current } : {}) },
      {
        onSuccess: () => {
          setCurrent('');
          setPassword('');
          setAgain('');
          notifications.show({ message: 'The password is set.' });
        },
      },
    );
  };
  return (
    <form onSubmit={onSubmit} className="pl-panel" style={{ padding: 16, maxWidth: 460 }}>
      <Stack gap="sm">
        <Text size="sm" c="dimmed">
          {has_one
            ? `Signed in as ${session.data?.actor?.name ?? ''}.`
            : `Choose the first password. From then on ${session.data?.actor?.name ?? 'admin'} signs in with it, and after a restart Plumbline may answer other machines too.`}
        </Text>
        {has_one && (
          <PasswordInput
            label="Current password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        )}
        <PasswordInput
          label="New password"
          description={`At least ${SHORTEST} characters; a few unrelated words are good.`}
          autoComplete="new-password"
          required
          value={password}
          error={short ? `${SHORTEST - password.length} characters more` : undefined}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <PasswordInput
          label="New password again"
          autoComplete="new-password"
          required
          value={again}
          error={differs ? 'Differs from the one above' : undefined}
          onChange={(event) => setAgain(event.currentTarget.value)}
        />
        {set_password.isError && <ErrorState error={set_password.error} />}
        <Group justify="flex-end">
          <Button
            type="submit"
            loading={set_password.isPending}
            disabled={password.length < SHORTEST || again !== password || (has_one && current === '')}
          >
            Set password
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
