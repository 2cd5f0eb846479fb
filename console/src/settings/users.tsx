import { Button, Group, Modal, PasswordInput, Select, Stack, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { type FormEvent, useState } from 'react';
import { ROLES, type User, useChangeUser, useCreateUser, useUsers } from '../api/accounts.ts';
import { useSession } from '../api/session.ts';
import { Confirm } from '../elements/confirm.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';

export function Users() {
  const users = useUsers();
  const [adding, form] = useDisclosure(false);
  return (
    <Stack gap="sm">
      <Group justify="flex-end">
        <Button onClick={form.open}>Add a person</Button>
      </Group>
      <QueryState query={users}>
        {(list) => (
          <ScrollTable label="People" min_width={560}>
            <thead>
              <tr>
                <th>Name</th>
                <th>Role</th>
                <th>State</th>
                <th>Last sign-in</th>
                <th>Change</th>
              </tr>
            </thead>
            <tbody>
              {list.map((user) => (
                <UserRow key={user.id} user={user} />
              ))}
            </tbody>
          </ScrollTable>
        )}
      </QueryState>
      <Modal opened={adding} onClose={form.close} title="Add a person" centered>
        <UserForm onDone={form.close} />
      </Modal>
    </Stack>
  );
}

function UserRow({ user }: { readonly user: User }) {
  const me = useSession().data?.actor?.id;
  const change = useChangeUser();
  const [asking, setAsking] = useState(false);
  return (
    <tr>
      <td>{user.name}</td>
      <td>
        <Select
          aria-label={`Role of ${user.name}`}
          w={110}
          allowDeselect={false}
          disabled={user.id === me}
          data={[...ROLES]}
          value={user.roles[0] ?? 'viewer'}
          onChange={(role) => role !== null && change.mutate({ id: user.id, roles: [role] })}
        />
      </td>
      <td>{user.enabled ? <Tag tone="green">May sign in</Tag> : <Tag tone="grey">Disabled</Tag>}</td>
      <td>
        <RelativeTime at={user.last_sign_in_at} />
      </td>
      <td>
        <Button variant="default" disabled={user.id === me} onClick={() => setAsking(true)}>
          {user.enabled ? 'Disable' : 'Enable'}
        </Button>
        <Confirm
          opened={asking}
          onClose={() => setAsking(false)}
          onConfirm={() =>
            change.mutate({ id: user.id, enabled: !user.enabled }, { onSuccess: () => setAsking(false) })
          }
          busy={change.isPending}
          error={change.error}
          danger={user.enabled}
          title={`${user.enabled ? 'Disable' : 'Enable'} ${user.name}?`}
          verb={user.enabled ? 'Disable' : 'Enable'}
        >
          {user.enabled ? 'They are signed out at once and cannot sign in again.' : 'They may sign in again.'}
        </Confirm>
      </td>
    </tr>
  );
}

function UserForm({ onDone }: { readonly onDone: () => void }) {
  const create = useCreateUser();
  const [name, setName] = useState('');
  const [role, setRole] = useState('viewer');
  const [password, setPassword] = useState('');
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate({ name: name.trim(), roles: [role], password }, { onSuccess: onDone });
  };
  return (
    <form onSubmit={onSubmit}>
      <Stack gap="sm">
        <TextInput
          data-autofocus
          label="Name"
          required
          autoComplete="off"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Select
          label="Role"
          description="Viewers look, editors also change data, admins also manage people and tokens."
          allowDeselect={false}
          data={[...ROLES]}
          value={role}
          onChange={(value) => setRole(value ?? 'viewer')}
        />
        <PasswordInput
          label="First password"
          description="At least 12 characters."
          required
          autoComplete="new-password"
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        {create.isError && <ErrorState error={create.error} />}
        <Group justify="flex-end">
          <Button
            type="submit"
            loading={create.isPending}
            disabled={name.trim() === '' || password.length < 12}
          >
            Add person
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
