import { Button, Center, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { type FormEvent, useEffect, useState } from 'react';
import { useSignIn } from '../api/session.ts';
import { ErrorState } from '../elements/error-state.tsx';

/** The way in. On a new installation that is the link printed where the server was started. */
export function SignIn({ first_run }: { readonly first_run: boolean }) {
  useEffect(() => {
    document.title = 'Sign in · Plumbline';
  }, []);
  return (
    <Center component="main" mih="100vh" p="md">
      <Paper className="pl-panel" p="xl" w="100%" maw={400}>
        <Stack gap="md">
          <img src="/favicon.svg" width={36} height={36} alt="" />
          {first_run ? <FirstRun /> : <SignInForm />}
        </Stack>
      </Paper>
    </Center>
  );
}

function FirstRun() {
  return (
    <Stack gap="sm">
      <Title order={1}>Welcome to Plumbline</Title>
      <Text size="sm">
        This installation is new. To sign in as its administrator, open the one-time link that the server
        printed on the terminal where it was started. It looks like this:
      </Text>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <pre className="pl-code" tabIndex={0}>
        {window.location.origin}/sign-in?token=…
      </pre>
      <Text size="sm" c="dimmed">
        The link works once. Restart the server to get a new one. Afterwards you choose a password in
        Settings.
      </Text>
      <Button variant="default" onClick={() => window.location.reload()}>
        I have opened it: reload
      </Button>
    </Stack>
  );
}

function SignInForm() {
  const sign_in = useSignIn();
  const [name, setName] = useState('admin');
  const [password, setPassword] = useState('');
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    sign_in.mutate({ name, password });
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <Title order={1}>Sign in</Title>
        <TextInput
          label="Name"
          size="sm"
          autoComplete="username"
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <PasswordInput
          label="Password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {sign_in.isError && <ErrorState error={sign_in.error} />}
        <Button type="submit" size="sm" loading={sign_in.isPending}>
          Sign in
        </Button>
      </Stack>
    </form>
  );
}
