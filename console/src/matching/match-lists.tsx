import { Button, Group, Stack } from '@mantine/core';
import { IconUpload } from '@tabler/icons-react';
import { useState } from 'react';
import { type MatchList, useMatchLists, useRemoveList } from '../api/matching.ts';
import { useMayEdit } from '../api/session.ts';
import { Confirm } from '../elements/confirm.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { UploadList } from './upload-list.tsx';

/** Lists of records from elsewhere (a CRM, a loyalty scheme) to be matched with people. */
export function MatchLists() {
  const may_edit = useMayEdit();
  const lists = useMatchLists();
  const [uploading, setUploading] = useState(false);
  return (
    <Stack gap="sm">
      <Group justify="flex-end">
        <Button
          leftSection={<IconUpload size={14} aria-hidden />}
          disabled={!may_edit}
          onClick={() => setUploading(true)}
        >
          Upload a list
        </Button>
      </Group>
      <QueryState query={lists}>
        {(all) =>
          all.length === 0 ? (
            <EmptyNote title="No list was uploaded yet">
              A list holds records of another system, one a row. Matching rules compare it with the people
              known here.
            </EmptyNote>
          ) : (
            <ListTable lists={all} />
          )
        }
      </QueryState>
      <UploadList opened={uploading} onClose={() => setUploading(false)} />
    </Stack>
  );
}

function ListTable({ lists }: { readonly lists: readonly MatchList[] }) {
  const may_edit = useMayEdit();
  const remove = useRemoveList();
  const [asking, setAsking] = useState<MatchList | undefined>();
  return (
    <>
      <ScrollTable label="Lists" min_width={700}>
        <thead>
          <tr>
            <th>List</th>
            <th data-number>Records</th>
            <th>Columns</th>
            <th>Joined as</th>
            <th>Uploaded</th>
            <th>Change</th>
          </tr>
        </thead>
        <tbody>
          {lists.map((list) => (
            <tr key={list.name}>
              <td>{list.name}</td>
              <td data-number>{formatCount(list.records)}</td>
              <td style={{ maxWidth: 280 }}>
                <span className="pl-truncate" title={list.columns.join(', ')}>
                  {list.columns.join(', ')}
                </span>
              </td>
              <td className="pl-mono">{list.identifier_type}</td>
              <td style={{ whiteSpace: 'nowrap' }}>
                <RelativeTime at={list.uploaded_at} />
              </td>
              <td>
                <Button variant="default" disabled={!may_edit} onClick={() => setAsking(list)}>
                  Delete…
                </Button>
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <Confirm
        opened={asking !== undefined}
        onClose={() => setAsking(undefined)}
        onConfirm={() =>
          asking !== undefined && remove.mutate(asking.name, { onSuccess: () => setAsking(undefined) })
        }
        busy={remove.isPending}
        error={remove.error}
        danger
        title={`Delete list ${asking?.name ?? ''}?`}
        verb="Delete list"
      >
        Its {formatCount(asking?.records)} records are deleted. People that were joined with them stay joined.
      </Confirm>
    </>
  );
}
