import { Button, FileButton, Group, Stack, Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import { useCompareList } from '../api/segment-validation.ts';
import { useMayEdit } from '../api/session.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { ErrorState } from '../elements/error-state.tsx';
import { ListReport } from './list-report.tsx';

/** Compares the segment with a list of people who should be in it. */
export function ListPanel({ segment }: { readonly segment: string }) {
  const may_see = useMayEdit();
  const compare = useCompareList(segment);
  const [lines, setLines] = useState('');
  const read = async (file: File | null) => {
    if (file !== null) setLines(await file.text());
  };
  if (!may_see) {
    return (
      <EmptyNote title="People are for editors">
        A list tells of the people on it, and your role sees none. Ask an administrator when you need this.
      </EmptyNote>
    );
  }
  return (
    <Stack gap="sm">
      <Text size="sm">
        Give the people who should be in it, for example from a campaign or a colleague’s list. Nothing of it
        is kept.
      </Text>
      <Textarea
        label="People, one a line"
        description="As type:value: user_id:42, email:ada@example.org."
        placeholder={'user_id:42\nemail:ada@example.org'}
        className="pl-editor"
        autosize
        minRows={4}
        maxRows={12}
        spellCheck={false}
        value={lines}
        onChange={(event) => setLines(event.currentTarget.value)}
      />
      <Group gap="xs">
        <Button
          disabled={lines.trim() === ''}
          loading={compare.isPending}
          onClick={() => compare.mutate(lines)}
        >
          Compare
        </Button>
        <FileButton onChange={(file) => void read(file)} accept=".txt,.csv,text/plain,text/csv">
          {(props) => (
            <Button variant="default" {...props}>
              Read a file…
            </Button>
          )}
        </FileButton>
      </Group>
      {compare.isError && <ErrorState error={compare.error} />}
      {compare.data !== undefined && <ListReport comparison={compare.data} />}
    </Stack>
  );
}
