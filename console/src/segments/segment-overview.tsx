import { Group, SegmentedControl, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';
import { type SegmentDay, type SegmentDetail, useRefreshes, useSegmentTrend } from '../api/segments.ts';
import { Chart } from '../elements/chart.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatBytes, formatCount, formatRate } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ReviewState } from '../elements/release-panel.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { SegmentLink } from '../elements/segment-link.tsx';
import { wayOf } from './rule-place.ts';
import { EVERY_WORDS } from './segment-body.ts';
import { SensitivityLink } from './segment-tabs.tsx';

export function SegmentOverview({ segment }: { readonly segment: SegmentDetail }) {
  return (
    <div className="pl-person">
      <Stack gap="lg" style={{ minWidth: 0 }}>
        <Trend segment={segment.name} />
        <RuleInWords segment={segment} />
        <Refreshes segment={segment.name} />
      </Stack>
      <Stack gap="md" style={{ minWidth: 0 }}>
        <Care segment={segment} />
        <Advice segment={segment} />
        <Neighbours uses={segment.uses} used_by={segment.used_by} />
        <ReviewState kind="segment" name={segment.name} />
      </Stack>
    </div>
  );
}

export function Trend({ segment }: { readonly segment: string }) {
  const [days, setDays] = useState('30');
  const trend = useSegmentTrend(segment, Number(days));
  return (
    <Stack gap="xs">
      <Group justify="space-between">
        <Title order={2}>Over time</Title>
        <SegmentedControl
          aria-label="Days shown"
          data={[
            { value: '30', label: '30 days' },
            { value: '90', label: '90 days' },
            { value: '365', label: 'A year' },
          ]}
          value={days}
          onChange={setDays}
        />
      </Group>
      <QueryState query={trend} lines={8}>
        {(list) =>
          list.length < 2 ? (
            <EmptyNote title="No history yet">Size and changes appear here from the second day on.</EmptyNote>
          ) : (
            <TrendCharts days={list} />
          )
        }
      </QueryState>
    </Stack>
  );
}

const DAY = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', timeZone: 'UTC' });

function TrendCharts({ days }: { readonly days: readonly SegmentDay[] }) {
  const categories = days.map((day) => DAY.format(new Date(day.day)));
  return (
    <Stack className="pl-panel" p="sm" gap="sm">
      <Chart
        label={`People in the segment by day, from ${formatCount(days[0]?.people)} to ${formatCount(days.at(-1)?.people)}`}
        kind="line"
        categories={categories}
        x_label="Day (UTC)"
        y_label="People"
        series={[{ name: 'People', colour: 'accent-text', values: days.map((day) => day.people) }]}
        height_px={210}
      />
      <Chart
        label="People who entered and exited by day"
        kind="bar"
        stacked
        categories={categories}
        x_label="Day (UTC)"
        y_label="People a day"
        series={[
          { name: 'Entered', colour: 'green', values: days.map((day) => day.entered) },
          { name: 'Exited', colour: 'amber', values: days.map((day) => -day.exited) },
        ]}
        height_px={190}
      />
    </Stack>
  );
}

/** The parts in the server's words, indented as they are nested. */
function RuleInWords({ segment }: { readonly segment: SegmentDetail }) {
  const nested = segment.parts.some((part) => wayOf(part.place) !== '');
  return (
    <Stack gap="xs">
      <Title order={2}>The rule</Title>
      <Stack className="pl-panel" p="sm" gap={6}>
        {segment.parts.map((part) => (
          <Group key={part.place} gap="xs" wrap="nowrap" align="baseline">
            {nested && (
              <Text size="xs" c="dimmed" style={{ flexShrink: 0, minWidth: 96 }}>
                {wayOf(part.place)}
              </Text>
            )}
            <Text size="sm" style={{ overflowWrap: 'anywhere' }}>
              {part.description}
            </Text>
          </Group>
        ))}
        <Text size="xs" c="dimmed">
          {segment.exclude_bots ? 'Events of bots do not count.' : 'Events of bots count too.'}{' '}
          {segment.decided_by === 'stream'
            ? 'Decided at once, with every event and as time passes.'
            : 'Decided at every refresh.'}
        </Text>
      </Stack>
    </Stack>
  );
}

function Refreshes({ segment }: { readonly segment: string }) {
  const refreshes = useRefreshes();
  const own = (refreshes.data ?? []).filter(
    (each) => each.segments.length === 0 || each.segments.includes(segment),
  );
  if (own.length === 0) return null;
  return (
    <Stack gap="xs">
      <Title order={2}>Refreshes</Title>
      <ScrollTable label="Refreshes" min_width={620} max_height="320px">
        <thead>
          <tr>
            <th>When</th>
            <th>Why</th>
            <th data-number>Segments</th>
            <th data-number>In / out</th>
            <th data-number>Time</th>
            <th data-number>Rows read</th>
            <th data-number>Read</th>
          </tr>
        </thead>
        <tbody>
          {own.map((each) => (
            <tr key={`${each.at}${each.cause}`}>
              <td>
                <RelativeTime at={each.at} />
              </td>
              <td>{each.cause}</td>
              <td data-number>{formatCount(each.segments.length)}</td>
              <td data-number>
                +{formatCount(each.entered)} / −{formatCount(each.exited)}
              </td>
              <td data-number>{formatRate(each.seconds)} s</td>
              <td data-number>{formatCount(each.rows_read)}</td>
              <td data-number>{each.bytes_read > 0 ? formatBytes(each.bytes_read) : '–'}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

function Care({ segment }: { readonly segment: SegmentDetail }) {
  return (
    <Stack className="pl-panel" p="sm" gap="xs">
      <Title order={2}>Use and care</Title>
      <dl className="pl-facts">
        <dt>Owner</dt>
        <dd>{segment.owner}</dd>
        <dt>Purpose</dt>
        <dd>{segment.purpose}</dd>
        <dt>Teams</dt>
        <dd>{segment.teams.join(', ') || '–'}</dd>
        <dt>Sensitivity</dt>
        <dd>{segment.sensitivity === 'sensitive' ? 'Sensitive: approved before use' : 'Normal'}</dd>
        <dt>Version</dt>
        <dd>{segment.version}</dd>
      </dl>
      <SensitivityLink segment={segment.name} />
    </Stack>
  );
}

function Advice({ segment }: { readonly segment: SegmentDetail }) {
  const { every, reasons } = segment.advice;
  if (reasons.length === 0) return null;
  return (
    <Stack className="pl-panel" p="sm" gap="xs">
      <Title order={2}>How often it is worth it</Title>
      <Text size="sm">
        {every === segment.every ? 'As it is: ' : 'Better: '}
        <strong>{EVERY_WORDS[every].toLowerCase()}</strong>.
      </Text>
      {reasons.map((reason) => (
        <Text key={reason} size="xs" c="dimmed">
          {reason}
        </Text>
      ))}
    </Stack>
  );
}

interface NeighboursProps {
  readonly uses?: readonly string[];
  readonly used_by: readonly string[];
}

/** Segments that it asks for, and that ask for it. */
export function Neighbours({ uses = [], used_by }: NeighboursProps) {
  if (uses.length + used_by.length === 0) return null;
  return (
    <Stack className="pl-panel" p="sm" gap="xs">
      <Title order={2}>Other segments</Title>
      {(
        [
          ['Uses', uses],
          ['Used by', used_by],
        ] as const
      ).map(
        ([words, names]) =>
          names.length > 0 && (
            <Group key={words} gap="xs">
              <Text size="sm" c="dimmed">
                {words}
              </Text>
              {names.map((name) => (
                <Text key={name} size="sm">
                  <SegmentLink name={name} />
                </Text>
              ))}
            </Group>
          ),
      )}
    </Stack>
  );
}
