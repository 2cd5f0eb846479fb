import { Group, NumberInput, Select, Stack, Text } from '@mantine/core';
import { useState } from 'react';
import { useSources } from '../api/sources.ts';
import { type DriftFinding, type DriftReport as Report, useDrift } from '../api/tracking-plans.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount, formatCounted, formatShare } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag, type Tone } from '../elements/tag.tsx';

const KINDS: Record<string, { readonly label: string; readonly tone: Tone }> = {
  new_field: { label: 'New field', tone: 'blue' },
  vanished_field: { label: 'Field vanished', tone: 'red' },
  type_change: { label: 'Type changed', tone: 'red' },
  null_spike: { label: 'More empty values', tone: 'amber' },
  new_event: { label: 'New event', tone: 'blue' },
  vanished_event: { label: 'Event vanished', tone: 'red' },
};

/** What changed in the shape of events without anyone announcing it. */
export function DriftReport() {
  const sources = useSources().data ?? [];
  const [source, setSource] = useState<string | null>(null);
  const [days, setDays] = useState(7);
  const [hours, setHours] = useState(24);
  const drift = useDrift(source ?? undefined, days, hours);
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        <Select
          label="Source"
          placeholder="All sources"
          clearable
          clearButtonProps={{ 'aria-label': 'All sources' }}
          data={sources.map((each) => ({ value: each.id, label: each.name }))}
          value={source}
          onChange={setSource}
        />
        <NumberInput
          label="Last hours"
          min={1}
          max={720}
          w={110}
          value={hours}
          onChange={(value) => setHours(Math.max(1, Number(value)))}
        />
        <NumberInput
          label="Against days before"
          min={1}
          max={90}
          w={150}
          value={days}
          onChange={(value) => setDays(Math.max(1, Number(value)))}
        />
      </Group>
      <QueryState query={drift}>{(report) => <Findings report={report} />}</QueryState>
    </Stack>
  );
}

function Findings({ report }: { readonly report: Report }) {
  const { baseline, window, events_with_too_few } = report.compared;
  return (
    <Stack gap="sm">
      <Text size="sm" c="dimmed">
        Compared {formatCounted(window.events, 'event')} since <RelativeTime at={window.from} /> with{' '}
        {formatCount(baseline.events)} before.
        {events_with_too_few !== undefined &&
          events_with_too_few > 0 &&
          ` ${formatCount(events_with_too_few)} kinds of event came too seldom to judge.`}
      </Text>
      {report.findings.length === 0 ? (
        <EmptyNote title="No drift">
          Fields, types and empty values are as they were. Small samples raise no alarm.
        </EmptyNote>
      ) : (
        <ScrollTable label="Drift findings" min_width={860}>
          <thead>
            <tr>
              <th>What</th>
              <th>Event</th>
              <th>Field</th>
              <th>Before</th>
              <th>Now</th>
              <th data-number>Share before</th>
              <th data-number>Share now</th>
              <th>Samples</th>
              <th>Source</th>
            </tr>
          </thead>
          <tbody>
            {report.findings.map((finding) => (
              <FindingRow
                key={`${finding.kind}${finding.source_id}${finding.event}${finding.path}`}
                finding={finding}
              />
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Stack>
  );
}

function FindingRow({ finding }: { readonly finding: DriftFinding }) {
  const kind = KINDS[finding.kind] ?? { label: finding.kind, tone: 'grey' as const };
  const samples = finding.samples.slice(0, 3).map(asText).join(', ');
  return (
    <tr>
      <td>
        <Tag tone={kind.tone}>{kind.label}</Tag>
      </td>
      <td>{finding.event}</td>
      <td className="pl-mono">{finding.path}</td>
      <td>{asText(finding.before)}</td>
      <td>{asText(finding.after)}</td>
      <td data-number title={intervalWords(finding.interval_before)}>
        {formatShare(finding.share_before)}
      </td>
      <td data-number title={intervalWords(finding.interval_after)}>
        {formatShare(finding.share_after)}
      </td>
      <td style={{ maxWidth: 220 }}>
        <span className="pl-mono pl-truncate" title={samples}>
          {samples}
        </span>
      </td>
      <td>{finding.source_name}</td>
    </tr>
  );
}

function asText(value: unknown): string {
  if (value === null || value === undefined) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

function intervalWords(interval: readonly [number, number] | undefined): string | undefined {
  if (interval === undefined) return undefined;
  return `The true share lies between ${formatShare(interval[0])} and ${formatShare(interval[1])}`;
}
