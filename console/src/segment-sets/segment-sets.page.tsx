import { Button, Stack } from '@mantine/core';
import { IconArrowsSplit2 } from '@tabler/icons-react';
import { type SegmentSetSummary, useSegmentSets } from '../api/segment-sets.ts';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { AddressTabs } from '../elements/address-tabs.tsx';
import { BackButton } from '../elements/back-button.tsx';
import { Drafts } from '../elements/drafts.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import type { Page } from '../page.ts';
import { OverlapCompare } from './overlap-compare.tsx';
import { POLICY_WORDS } from './policy-words.ts';
import { SetForm } from './set-form.tsx';
import { SetView } from './set-view.tsx';

export const page: Page = {
  path: '/segment-sets',
  title: 'Segment sets',
  icon: IconArrowsSplit2,
  order: 67,
  section: 'Audiences',
  shortcut: 'x',
  component: SegmentSetsPage,
};

/** `open` is a set, `new` the form of a new one, `draft` that of one which was never released. */
function SegmentSetsPage() {
  const [address, setAddress] = useAddressState();
  const may_edit = useMayEdit();
  const open = address['open'] ?? '';
  const form = address['new'] !== undefined ? '' : address['draft'];
  return (
    <>
      <PageHead
        title="Segment sets"
        about="Segments of which a person is in one at most, so that nobody gets two messages for one purpose."
        actions={
          <Button disabled={!may_edit} onClick={() => setAddress({ new: '1', draft: null, open: null })}>
            New set
          </Button>
        }
      />
      {form !== undefined ? (
        <Stack gap="sm">
          <BackButton onClick={() => setAddress({ new: null, draft: null })}>Back to the list</BackButton>
          <SetForm
            key={form}
            name={form}
            onReleased={(name) => setAddress({ new: null, draft: null, open: name })}
          />
        </Stack>
      ) : open === '' ? (
        <AddressTabs
          tabs={[
            {
              value: 'sets',
              label: 'Sets',
              panel: (
                <Stack gap="sm">
                  <Drafts kind="segment-precedence" onOpen={(draft) => setAddress({ draft })} />
                  <SetList onOpen={(name) => setAddress({ open: name })} />
                </Stack>
              ),
            },
            { value: 'overlap', label: 'Compare segments', panel: <OverlapCompare /> },
          ]}
        />
      ) : (
        <SetView key={open} name={open} />
      )}
    </>
  );
}

function SetList({ onOpen }: { readonly onOpen: (name: string) => void }) {
  const sets = useSegmentSets();
  return (
    <QueryState query={sets}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="No set yet">
            A set takes segments that compete for the same people, and decides who is in which.
          </EmptyNote>
        ) : (
          <SetTable sets={list} onOpen={onOpen} />
        )
      }
    </QueryState>
  );
}

interface TableProps {
  readonly sets: readonly SegmentSetSummary[];
  readonly onOpen: (name: string) => void;
}

function SetTable({ sets, onOpen }: TableProps) {
  return (
    <ScrollTable label="Segment sets" min_width={620}>
      <thead>
        <tr>
          <th>Set</th>
          <th>What it is for</th>
          <th data-number>Members</th>
          <th>In order</th>
          <th>On conflict</th>
        </tr>
      </thead>
      <tbody>
        {sets.map((set) => (
          <tr key={set.name} data-clickable onClick={() => onOpen(set.name)}>
            <td>
              <button type="button" className="pl-row-button">
                {set.name}
              </button>
            </td>
            <td>{set.description || '–'}</td>
            <td data-number>{formatCount(set.members.length)}</td>
            <td style={{ maxWidth: 260 }}>
              <span className="pl-truncate" title={set.members.join(', ')}>
                {set.members.join(', ')}
              </span>
            </td>
            <td>{POLICY_WORDS[set.policy]}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
