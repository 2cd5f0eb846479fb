import { Button, Group, Select, Stack, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type IdentityGraph, useIdentifierTypes, useLink } from '../api/identity.ts';
import { useMayEdit } from '../api/session.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { identifierChoices } from '../import/targets.ts';
import { sayLinked } from './link-again.tsx';

/** Says by hand that another identifier is this person; the rules still hold. */
export function LinkForm({ graph }: { readonly graph: IdentityGraph }) {
  const [chosen, setType] = useState('email');
  const [value, setValue] = useState('');
  const types = useIdentifierTypes();
  const type = types.includes(chosen) ? chosen : (types[0] ?? chosen);
  const link = useLink();
  const may_edit = useMayEdit();
  if (!may_edit || graph.masked) return null;
  const run = () =>
    link.mutate([graph.leading, { type, value: value.trim() }], {
      onSuccess: (answer) => {
        sayLinked(answer);
        setValue('');
      },
    });
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <Select
          label="Link another identifier"
          w={190}
          allowDeselect={false}
          data={identifierChoices(types)}
          value={type}
          onChange={(next) => setType(next ?? 'email')}
        />
        <TextInput
          aria-label="Value of the identifier"
          placeholder="Value"
          style={{ flex: '1 1 180px', maxWidth: 300 }}
          value={value}
          onChange={(event) => setValue(event.currentTarget.value)}
        />
        <Button variant="default" onClick={run} loading={link.isPending} disabled={value.trim() === ''}>
          Link
        </Button>
      </Group>
      {link.isError && <ErrorState error={link.error} />}
    </Stack>
  );
}
