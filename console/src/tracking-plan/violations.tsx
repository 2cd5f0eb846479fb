import { Anchor, Drawer, SegmentedControl, Stack, Text } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useViolations, type ViolationGroup } from '../api/tracking-plans.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { JsonTree } from '../elements/json-tree.tsx';
import { formatCount, formatCounted } from '../elements/number-format.ts';
import { parseJson } from '../elements/parse-json.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag, type Tone } from '../elements/tag.tsx';
import { ACTION_LABELS } from './planned-events.tsx';

const ACTION_TONES: Record<string, Tone> = { allow: 'amber', strip: 'amber', quarantine: 'red' };

const RANGES = [
  { value: '24', label: '24 h' },
  { value: '168', label: '7 d' },
  { value: '720', label: '30 d' },
];

export function Violations() {
  const [hours, setHours] = useState('24');
  const [opened, setOpened] = useState<ViolationGroup | undefined>();
  const violations = useViolations(Number(hours));
  return (
    <Stack gap="sm">
      <SegmentedControl
        aria-label="Time range"
        data={RANGES}
        value={hours}
        onChange={setHours}
        style={{ alignSelf: 'flex-start' }}
      />
      <QueryState query={violations}>
        {(groups) =>
          groups.length === 0 ? (
            <EmptyNote title="No violations">Everything in this time fits the released plans.</EmptyNote>
          ) : (
            <ViolationTable groups={groups} onOpen={setOpened} />
          )
        }
      </QueryState>
      <Drawer
        opened={opened !== undefined}
        onClose={() => setOpened(undefined)}
        position="right"
        size="lg"
        title={opened === undefined ? '' : `${opened.event || opened.type}: ${opened.path}`}
      >
        {opened !== undefined && <Sample group={opened} />}
      </Drawer>
    </Stack>
  );
}

function ViolationTable({
  groups,
  onOpen,
}: {
  readonly groups: readonly ViolationGroup[];
  readonly onOpen: (group: ViolationGroup) => void;
}) {
  return (
    <ScrollTable label="Violations" min_width={820}>
      <thead>
        <tr>
          <th>Event</th>
          <th>Where</th>
          <th>What is wrong</th>
          <th>What was done</th>
          <th>Source</th>
          <th data-number>Events</th>
          <th>Last</th>
        </tr>
      </thead>
      <tbody>
        {groups.map((group) => (
          <tr
            key={`${group.source_id}${group.type}${group.event}${group.path}${group.rule}${group.action}`}
            data-clickable
            onClick={() => onOpen(group)}
          >
            <td>
              <button type="button" className="pl-row-button">
                {group.event || group.type}
              </button>
            </td>
            <td className="pl-mono">{group.path}</td>
            <td>{group.message}</td>
            <td>
              <Tag tone={ACTION_TONES[group.action] ?? 'grey'}>{ACTION_LABELS[group.action]}</Tag>
            </td>
            <td>{group.source_name}</td>
            <td data-number>{formatCount(group.count)}</td>
            <td style={{ whiteSpace: 'nowrap' }}>
              <RelativeTime at={group.last_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function Sample({ group }: { readonly group: ViolationGroup }) {
  const payload = parseJson(group.sample?.payload);
  return (
    <Stack gap="md">
      <Text size="sm">{group.message}</Text>
      <Text size="sm" c="dimmed">
        {formatCounted(group.count, 'event')} of {group.source_name}, first{' '}
        <RelativeTime at={group.first_at} />, last <RelativeTime at={group.last_at} />.
      </Text>
      {group.action === 'quarantine' && (
        <Anchor
          component={Link}
          to="/quarantine"
          search={{ source: group.source_id, event: group.event, path: group.path } as never}
          size="sm"
        >
          Repair these in Quarantine
        </Anchor>
      )}
      {payload !== null && <JsonTree label="Sample" value={payload} marked={group.path} />}
    </Stack>
  );
}
