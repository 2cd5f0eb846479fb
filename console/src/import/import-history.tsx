import { Button, Progress, Stack } from '@mantine/core';
import { type Import, useImports } from '../api/imports.ts';
import { useMayEdit } from '../api/session.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { RunTag } from '../elements/run-tag.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { KINDS } from './kind-words.ts';

interface Props {
  readonly onOpen: (id: string) => void;
  readonly onNew: () => void;
}

export function ImportHistory({ onOpen, onNew }: Props) {
  const imports = useImports();
  const may_edit = useMayEdit();
  return (
    <QueryState query={imports}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="Nothing was imported yet">
            <Stack gap="sm" align="center">
              A CRM export, shop receipts or a table of matching ids: choose a file, say what its columns
              mean, and look at a dry run before anything happens.
              <Button disabled={!may_edit} onClick={onNew}>
                Choose a file
              </Button>
            </Stack>
          </EmptyNote>
        ) : (
          <ScrollTable label="Imports" min_width={760}>
            <thead>
              <tr>
                <th>Started</th>
                <th>Name</th>
                <th>Holds</th>
                <th>State</th>
                <th data-number>Rows</th>
                <th data-number>Taken</th>
                <th data-number>Refused</th>
                <th>By</th>
              </tr>
            </thead>
            <tbody>
              {list.map((each) => (
                <ImportRow key={each.id} each={each} onOpen={() => onOpen(each.id)} />
              ))}
            </tbody>
          </ScrollTable>
        )
      }
    </QueryState>
  );
}

function ImportRow({ each, onOpen }: { readonly each: Import; readonly onOpen: () => void }) {
  return (
    <tr data-clickable onClick={onOpen}>
      <td style={{ whiteSpace: 'nowrap' }}>
        <RelativeTime at={each.created_at} />
      </td>
      <td style={{ maxWidth: 280 }}>
        <button type="button" className="pl-row-button">
          {each.name}
        </button>
      </td>
      <td>{KINDS[each.kind].label}</td>
      <td>
        <RunTag state={each.state} />
        {each.state === 'running' && (
          <Progress value={each.progress * 100} mt={4} aria-label={`Progress of ${each.name}`} />
        )}
      </td>
      <td data-number>{formatCount(each.rows)}</td>
      <td data-number>{formatCount(each.accepted)}</td>
      <td data-number>{formatCount(each.rejected)}</td>
      <td>{each.created_by}</td>
    </tr>
  );
}
