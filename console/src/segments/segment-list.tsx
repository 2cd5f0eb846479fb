import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type SegmentSummary, useSegments } from '../api/segments.ts';
import { useMayEdit } from '../api/session.ts';
import { Drafts } from '../elements/drafts.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount, formatRate } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { UseTag } from '../segment-use/use-tag.tsx';
import { EVERY_WORDS } from './segment-body.ts';
import { Sparkline } from './sparkline.tsx';

interface Props {
  readonly onNew: () => void;
  readonly onEdit: (name: string) => void;
}

export function SegmentList({ onNew, onEdit }: Props) {
  const segments = useSegments();
  const may_edit = useMayEdit();
  const [wanted, setWanted] = useState('');
  return (
    <Stack gap="sm">
      <Drafts kind="segment" onOpen={onEdit} />
      <QueryState query={segments}>
        {(list) => {
          if (list.length === 0) {
            return (
              <EmptyNote title="No segments yet">
                <Stack gap="sm" align="center">
                  A segment is a rule over what people did and what is known of them. Who fits is in it, at
                  once or at every refresh.
                  <Button disabled={!may_edit} onClick={onNew}>
                    Build the first one
                  </Button>
                </Stack>
              </EmptyNote>
            );
          }
          const shown = list.filter((each) =>
            `${each.name} ${each.label} ${each.owner} ${each.purpose}`
              .toLowerCase()
              .includes(wanted.toLowerCase()),
          );
          return (
            <>
              <TextInput
                aria-label="Filter segments"
                placeholder="Filter by name, owner or purpose"
                maw={320}
                value={wanted}
                onChange={(event) => setWanted(event.currentTarget.value)}
              />
              {shown.length === 0 ? (
                <EmptyNote title="No segment fits">Change the filter to see the others.</EmptyNote>
              ) : (
                <SegmentTable segments={shown} />
              )}
            </>
          );
        }}
      </QueryState>
    </Stack>
  );
}

function SegmentTable({ segments }: { readonly segments: readonly SegmentSummary[] }) {
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
        {segments.map((each) => (
          <tr key={each.name}>
            <td style={{ maxWidth: 280 }}>
              <Link to="/segments" search={{ open: each.name } as never} className="pl-row-link">
                {each.label}
              </Link>
              <Text size="xs" c="dimmed" truncate title={each.purpose}>
                {each.purpose}
              </Text>
            </td>
            <td data-number>{formatCount(each.people)}</td>
            <td>
              <Sparkline segment={each.name} />
            </td>
            <td data-number>
              +{formatCount(each.entered_7d)} / −{formatCount(each.exited_7d)}
            </td>
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
                <Tag tone={each.state === 'live' ? 'green' : 'blue'}>
                  {each.state === 'live' ? 'Live' : 'Being worked out'}
                </Tag>
                {each.state === 'live' && <UseTag use={each.use} />}
                {each.sensitivity === 'sensitive' && <Tag tone="amber">Sensitive</Tag>}
              </Group>
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
