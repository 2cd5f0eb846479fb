import { Button, Group, SegmentedControl, Stack, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type DiscoveredSummary, type SegmentSummary, useSegments } from '../api/segments.ts';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { Drafts } from '../elements/drafts.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount, formatRate } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { UseTag } from '../segment-use/use-tag.tsx';
import { EVERY_WORDS } from './segment-body.ts';
import { SegmentState } from './segment-state.tsx';
import { Sparkline } from './sparkline.tsx';

interface Props {
  readonly onNew: () => void;
  readonly onEdit: (name: string) => void;
}

/** `kind` in the address: `rules` or `discovered`; all of them without it. */
export function SegmentList({ onNew, onEdit }: Props) {
  const segments = useSegments();
  const [address, setAddress] = useAddressState();
  const [wanted, setWanted] = useState('');
  const kind = address['kind'] ?? 'all';
  const fits = (...texts: readonly string[]) => texts.join(' ').toLowerCase().includes(wanted.toLowerCase());
  return (
    <Stack gap="sm">
      <Drafts kind="segment" onOpen={onEdit} />
      <QueryState query={segments}>
        {({ segments: ruled, discovered }) => {
          if (ruled.length + discovered.length === 0) return <NoneYet onNew={onNew} />;
          const rules = kind === 'discovered' ? [] : ruled;
          const found = kind === 'rules' ? [] : discovered;
          const shown = {
            ruled: rules.filter((one) => fits(one.name, one.label, one.owner, one.purpose)),
            discovered: found.filter((one) => fits(one.name, one.label, one.owner)),
          };
          return (
            <>
              <Group gap="sm">
                <TextInput
                  aria-label="Filter segments"
                  placeholder="Filter by name, owner or purpose"
                  style={{ flex: '1 1 220px', maxWidth: 320 }}
                  value={wanted}
                  onChange={(event) => setWanted(event.currentTarget.value)}
                />
                {discovered.length > 0 && (
                  <SegmentedControl
                    aria-label="Which segments"
                    data={[
                      { value: 'all', label: 'All' },
                      { value: 'rules', label: 'Rules' },
                      { value: 'discovered', label: 'Discovered' },
                    ]}
                    value={kind}
                    onChange={(value) => setAddress({ kind: value === 'all' ? null : value })}
                  />
                )}
              </Group>
              {shown.ruled.length + shown.discovered.length === 0 ? (
                <EmptyNote title="No segment fits">Change the filter to see the others.</EmptyNote>
              ) : (
                <SegmentTable {...shown} />
              )}
            </>
          );
        }}
      </QueryState>
    </Stack>
  );
}

function NoneYet({ onNew }: Pick<Props, 'onNew'>) {
  const may_edit = useMayEdit();
  return (
    <EmptyNote title="No segments yet">
      <Stack gap="sm" align="center">
        A segment is a rule over what people did and what is known of them. Who fits is in it, at once or at
        every refresh.
        <Button disabled={!may_edit} onClick={onNew}>
          Build the first one
        </Button>
      </Stack>
    </EmptyNote>
  );
}

interface TableProps {
  readonly ruled: readonly SegmentSummary[];
  readonly discovered: readonly DiscoveredSummary[];
}

function SegmentTable({ ruled, discovered }: TableProps) {
  return (
    <ScrollTable label="Segments" min_width={980}>
      <thead>
        <tr>
          <th>Segment</th>
          <th data-number>People</th>
          <th>Last 7 days</th>
          <th data-number>In / out</th>
          <th>Worked out</th>
          <th data-number>Cost</th>
          <th>Owner</th>
          <th>State</th>
        </tr>
      </thead>
      <tbody>
        {ruled.map((each) => (
          <RuledRow key={each.name} segment={each} />
        ))}
        {discovered.map((each) => (
          <DiscoveredRow key={each.name} segment={each} />
        ))}
      </tbody>
    </ScrollTable>
  );
}

function RuledRow({ segment: each }: { readonly segment: SegmentSummary }) {
  return (
    <tr>
      <Named segment={each} about={each.purpose} />
      <Sizes segment={each} />
      <td>
        {EVERY_WORDS[each.every]}
        {each.advice.every !== each.every && (
          <Text size="xs" c="dimmed" title={each.advice.reasons.join(' ')}>
            Advice: {EVERY_WORDS[each.advice.every].toLowerCase()}
          </Text>
        )}
      </td>
      <td data-number title="Time of the last refresh, shared by the segments refreshed with it">
        {each.cost === null ? '–' : `${formatRate(each.cost.seconds)} s`}
      </td>
      <td>{each.owner}</td>
      <td>
        <Group gap={4}>
          <SegmentState of={each.state} problem={each.problem} />
          {each.state === 'live' && <UseTag use={each.use} />}
          {each.sensitivity === 'sensitive' && <Tag tone="amber">Sensitive</Tag>}
        </Group>
      </td>
    </tr>
  );
}

function DiscoveredRow({ segment: each }: { readonly segment: DiscoveredSummary }) {
  return (
    <tr>
      <Named segment={each} about={`Discovered: ${each.segmentation}`} />
      <Sizes segment={each} />
      <td>
        When found anew
        {each.refreshed_at !== null && (
          <Text size="xs" c="dimmed">
            last <RelativeTime at={each.refreshed_at} />
          </Text>
        )}
      </td>
      <td data-number>–</td>
      <td>{each.owner || '–'}</td>
      <td>
        <Group gap={4}>
          <SegmentState of={each.state} />
          {each.state === 'live' && <UseTag use={each.use} />}
        </Group>
      </td>
    </tr>
  );
}

type Either = SegmentSummary | DiscoveredSummary;

function Named({ segment, about }: { readonly segment: Either; readonly about: string }) {
  return (
    <td style={{ maxWidth: 280 }}>
      <Link to="/segments" search={{ open: segment.name } as never} className="pl-row-link">
        {segment.label}
      </Link>
      <Text size="xs" c="dimmed" truncate title={about}>
        {about}
      </Text>
    </td>
  );
}

function Sizes({ segment }: { readonly segment: Either }) {
  return (
    <>
      <td data-number>{formatCount(segment.people)}</td>
      <td>
        <Sparkline segment={segment.name} />
      </td>
      <td data-number>
        +{formatCount(segment.entered_7d)} / −{formatCount(segment.exited_7d)}
      </td>
    </>
  );
}
