import { Button, Group, Select, Stack } from '@mantine/core';
import { useState } from 'react';
import { useIdentityChanges } from '../api/identity.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ChangeList, KINDS } from '../people/change-list.tsx';

const WHAT = Object.entries(KINDS).map(([value, { words }]) => ({ value, label: words }));

const CAUSES = [
  { value: 'event', label: 'an event' },
  { value: 'alias', label: 'an alias call' },
  { value: 'link', label: 'a decision to link' },
  { value: 'unmerge', label: 'a decision to part' },
  { value: 'match', label: 'matching' },
  { value: 'import', label: 'an import' },
  { value: 'rules', label: 'changed rules' },
];

/** Every merge, split and refusal of everybody, newest first. */
export function AllChanges() {
  const [what, setWhat] = useState<string | null>(null);
  const [cause, setCause] = useState<string | null>(null);
  const changes = useIdentityChanges({
    ...(what === null ? {} : { what }),
    ...(cause === null ? {} : { cause }),
  });
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Select
          aria-label="What happened"
          placeholder="Anything"
          clearable
          clearButtonProps={{ 'aria-label': 'Anything' }}
          data={WHAT}
          value={what}
          onChange={setWhat}
        />
        <Select
          aria-label="Because of"
          placeholder="Any cause"
          clearable
          clearButtonProps={{ 'aria-label': 'Any cause' }}
          data={CAUSES}
          value={cause}
          onChange={setCause}
        />
      </Group>
      <QueryState query={changes}>
        {({ pages }) => <ChangeList changes={pages.flatMap((page) => page.changes)} person="" />}
      </QueryState>
      {changes.hasNextPage && (
        <Button
          variant="default"
          style={{ alignSelf: 'center' }}
          loading={changes.isFetchingNextPage}
          onClick={() => void changes.fetchNextPage()}
        >
          Load older
        </Button>
      )}
    </Stack>
  );
}
