import { Button, Group, Modal, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { ROLES, type Token, useCreateToken, useRevokeToken, useTokens } from '../api/accounts.ts';
import { CodeBlock } from '../elements/code-block.tsx';
import { Confirm } from '../elements/confirm.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';

export function Tokens() {
  const tokens = useTokens();
  const [making, form] = useDisclosure(false);
  return (
    <Stack gap="sm">
      <Group justify="flex-end">
        <Button onClick={form.open}>Make a token</Button>
      </Group>
      <QueryState query={tokens}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote title="No API tokens">
              A token lets a program or the command line read and change things.
            </EmptyNote>
          ) : (
            <ScrollTable label="API tokens" min_width={560}>
              <thead>
                <tr>
                  <th>Name</th>
                  <th>Role</th>
                  <th>Created</th>
                  <th>Expires</th>
                  <th>Last used</th>
                  <th>Change</th>
                </tr>
              </thead>
              <tbody>
                {list.map((token) => (
                  <TokenRow key={token.id} token={token} />
                ))}
              </tbody>
            </ScrollTable>
          )
        }
      </QueryState>
      <Modal opened={making} onClose={form.close} title="Make an API token" centered>
        <TokenForm onDone={form.close} />
      </Modal>
    </Stack>
  );
}

function TokenRow({ token }: { readonly token: Token }) {
  const revoke = useRevokeToken();
  const [asking, setAsking] = useState(false);
  return (
    <tr>
      <td>{token.name}</td>
      <td>{token.roles.join(', ')}</td>
      <td>
        <RelativeTime at={token.created_at} />
      </td>
      <td>
        <RelativeTime at={token.expires_at} />
      </td>
      <td>
        <RelativeTime at={token.last_used_at} />
      </td>
      <td>
        <Button variant="default" onClick={() => setAsking(true)}>
          Revoke
        </Button>
        <Confirm
          opened={asking}
          onClose={() => setAsking(false)}
          onConfirm={() => revoke.mutate(token.id, { onSuccess: () => setAsking(false) })}
          busy={revoke.isPending}
          error={revoke.error}
          danger
          title={`Revoke ${token.name}?`}
          verb="Revoke token"
        >
          Whatever uses it is refused at once.
        </Confirm>
      </td>
    </tr>
  );
}

function TokenForm({ onDone }: { readonly onDone: () => void }) {
  const create = useCreateToken();
  const [name, setName] = useState('');
  const [role, setRole] = useState('viewer');
  const [days, setDays] = useState<number | null>(90);
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), roles: [role], ...(days === null ? {} : { expires_in_days: days }) });
  };
  if (create.data !== undefined) {
    return (
      <Stack gap="sm">
        <Text size="sm">Copy the token now: it is shown this once and kept nowhere.</Text>
        <CodeBlock label="token" text={create.data.secret} />
        <Group justify="flex-end">
          <Button onClick={onDone}>I have copied it</Button>
        </Group>
      </Stack>
    );
  }
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <TextInput
          data-autofocus
          label="Name"
          description="What will use it."
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Role"
          allowDeselect={false}
          data={[...ROLES]}
          value={role}
          onChange={(value) => setRole(value ?? 'viewer')}
        />
        <NumberInput
          label="Expires after, days"
          description="Empty means never."
          min={1}
          max={3650}
          allowDecimal={false}
          value={days ?? ''}
          onChange={(value) => setDays(value === '' ? null : Number(value))}
        />
        {create.isError && <ErrorState error={create.error} />}
        <Group justify="flex-end">
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            Make token
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
