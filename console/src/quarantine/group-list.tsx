import { Button, Group, Text } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type QuarantineGroup, useQuarantineGroups } from '../api/quarantine.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { isTyping } from '../shell/page-shortcuts.ts';
import { reasonWords } from './reason-words.ts';

interface Props {
  /** `source`, `reason`, `event` and `path` narrow the list; links from other pages carry them. */
  readonly wanted: Readonly<Record<string, string>>;
  readonly onOpen: (group_id: string) => void;
  readonly onShowAll: () => void;
}

export function GroupList({ wanted, onOpen, onShowAll }: Props) {
  const groups = useQuarantineGroups();
  return (
    <QueryState query={groups}>
      {(all) => {
        const shown = all.filter((group) => matches(group, wanted));
        if (all.length === 0) {
          return (
            <EmptyNote title="Nothing is in quarantine">Every event received so far could be used.</EmptyNote>
          );
        }
        return (
          <>
            {shown.length < all.length && (
              <Group gap="xs" mb="xs">
                <Text size="sm">
                  {shown.length} of {all.length} groups, as the link asked.
                </Text>
                <Button variant="default" onClick={onShowAll}>
                  Show all
                </Button>
              </Group>
            )}
            {shown.length === 0 ? (
              <EmptyNote title="No open group fits">
                These events may have been replayed or discarded already: see the replay history.
              </EmptyNote>
            ) : (
              <GroupTable groups={shown} onOpen={onOpen} />
            )}
          </>
        );
      }}
    </QueryState>
  );
}

function matches(group: QuarantineGroup, wanted: Readonly<Record<string, string>>): boolean {
  return (
    (wanted['source'] ?? group.source_id) === group.source_id &&
    (wanted['reason'] ?? group.reason) === group.reason &&
    (wanted['event'] ?? group.event) === group.event &&
    (wanted['path']?.replaceAll(/\[\d+\]/g, '[*]') ?? group.path) === group.path
  );
}

interface TableProps {
  readonly groups: readonly QuarantineGroup[];
  readonly onOpen: (group_id: string) => void;
}

function GroupTable({ groups, onOpen }: TableProps) {
  const active = useWalk(groups, onOpen);
  return (
    <ScrollTable label="Groups in quarantine" min_width={840}>
      <thead>
        <tr>
          <th>Event</th>
          <th>Why</th>
          <th>Where</th>
          <th>Detail</th>
          <th>Source</th>
          <th data-number>Open events</th>
          <th>Last</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group, index) => (
          <tr
            key={group.group_id}
            data-clickable
            {...(index === active ? { 'data-selected': true } : {})}
            onClick={() => onOpen(group.group_id)}
          >
            <td>
              <button type="button" className="pl-row-button">
                {group.event || group.type || 'Unreadable event'}
              </button>
            </td>
            <td style={{ whiteSpace: 'nowrap' }}>{reasonWords(group.reason)}</td>
            <td className="pl-mono">{group.path}</td>
            <td style={{ maxWidth: 320 }}>
              <span className="pl-truncate" title={group.detail}>
                {group.detail}
              </span>
            </td>
            <td>{group.source_name}</td>
            <td data-number>{formatCount(group.open)}</td>
            <td style={{ whiteSpace: 'nowrap' }}>
              <RelativeTime at={group.last_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

/** J and K walk the rows, Enter opens the one they stand on. -1 before the first key. */
function useWalk(groups: readonly QuarantineGroup[], onOpen: (group_id: string) => void): number {
  const [active, setActive] = useState(-1);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === 'j') setActive((at) => Math.min(at + 1, groups.length - 1));
      if (event.key === 'k') setActive((at) => Math.max(at - 1, 0));
      const chosen = groups[active];
      const in_control = event.target instanceof HTMLElement && event.target.closest('button, a') !== null;
      if (event.key === 'Enter' && chosen !== undefined && !in_control) onOpen(chosen.group_id);
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, [groups, active, onOpen]);
  return active;
}
