import { Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconAlertTriangle, IconCircleCheck, IconHeartbeat } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { type Health, useHealth } from '../api/health.ts';
import { Chart } from '../elements/chart.tsx';
import { formatBytes, formatCount, formatDuration, formatRate } from '../elements/number-format.ts';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Stat } from '../elements/stat.tsx';
import { Tag } from '../elements/tag.tsx';
import type { Page } from '../page.ts';

export const page: Page = {
  // Not /health: clients of the collection API ask there whether the server is up.
  path: '/system-health',
  title: 'Health',
  icon: IconHeartbeat,
  order: 90,
  section: 'Operate',
  shortcut: 'h',
  component: HealthPage,
};

const STATUS = {
  ok: { words: 'Everything works', tone: 'green' },
  degraded: { words: 'Works, with limits', tone: 'amber' },
  failing: { words: 'Not working: events may be refused', tone: 'red' },
} as const;

function HealthPage() {
  const health = useHealth();
  return (
    <>
      <PageHead
        title="Health"
        about="Whether Plumbline takes events in, keeps up with them, and has room for more."
      />
      <QueryState query={health}>{(data) => <Report health={data} />}</QueryState>
    </>
  );
}

function Report({ health }: { readonly health: Health }) {
  const status = STATUS[health.status];
  const Icon = health.status === 'ok' ? IconCircleCheck : IconAlertTriangle;
  return (
    <Stack gap="sm">
      <Group className="pl-panel" p="sm" gap="xs" role="status">
        <Icon size={20} color={`var(--pl-${status.tone})`} aria-hidden />
        <Text fw={600}>{status.words}</Text>
      </Group>
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 6 }} spacing="sm">
        <Stat
          label="Accepted, last minute"
          value={formatRate(health.rates.accepted_per_s_1m)}
          note="events per second"
        />
        <Stat
          label="Processed, last minute"
          value={formatRate(health.rates.processed_per_s_1m)}
          note="events per second"
        />
        <Stat
          label="Refused, last minute"
          value={formatRate(health.rates.refused_per_s_1m)}
          note="requests per second"
        />
        <Stat label="Memory" value={formatBytes(health.process.rss_bytes)} note="of this process" />
        <Stat label="Free disk" value={formatBytes(health.disk.free_bytes)} note="where data is kept" />
        <Stat
          label="Running for"
          value={formatDuration(health.process.uptime_s)}
          note={`version ${health.process.version}`}
        />
      </SimpleGrid>
      <SimpleGrid cols={{ base: 1, lg: 2 }} spacing="sm">
        <RateChart history={health.history} />
        <LagChart history={health.history} />
      </SimpleGrid>
      <Checks checks={health.checks} />
      <Consumers health={health} />
    </Stack>
  );
}

const CHART_PX = 220;

/** A line needs two points, and there is one a minute. */
function ByMinute({
  history,
  children,
}: {
  readonly history: Health['history'];
  readonly children: ReactNode;
}) {
  if (history.length >= 2) return children;
  return (
    <Text size="sm" c="dimmed" style={{ minHeight: CHART_PX }}>
      One point a minute: the line begins two minutes after the start.
    </Text>
  );
}

function RateChart({ history }: { readonly history: Health['history'] }) {
  return (
    <Stack className="pl-panel" p="sm" gap="xs" style={{ minWidth: 0 }}>
      <Title order={2}>Rates, last hour</Title>
      <ByMinute history={history}>
        <Chart
          kind="line"
          label="Events accepted and processed per minute over the last hour"
          categories={history.map((point) => clock(point.at))}
          x_label="Time (yours)"
          y_label="Events per minute"
          series={[
            { name: 'Accepted', colour: 'blue', values: history.map((point) => point.accepted) },
            { name: 'Processed', colour: 'green', values: history.map((point) => point.processed) },
          ]}
          height_px={CHART_PX}
        />
      </ByMinute>
    </Stack>
  );
}

function LagChart({ history }: { readonly history: Health['history'] }) {
  return (
    <Stack className="pl-panel" p="sm" gap="xs" style={{ minWidth: 0 }}>
      <Title order={2}>Waiting to be processed, last hour</Title>
      <ByMinute history={history}>
        <Chart
          kind="line"
          label="Events waiting to be processed over the last hour"
          categories={history.map((point) => clock(point.at))}
          x_label="Time (yours)"
          y_label="Events waiting"
          series={[{ name: 'Waiting', colour: 'amber', values: history.map((point) => point.lag) }]}
          height_px={CHART_PX}
        />
      </ByMinute>
    </Stack>
  );
}

function Checks({ checks }: { readonly checks: Health['checks'] }) {
  return (
    <Stack gap="xs">
      <Title order={2}>Checks</Title>
      <ScrollTable label="Checks" min_width={360}>
        <thead>
          <tr>
            <th>Part</th>
            <th>State</th>
            <th>Detail</th>
          </tr>
        </thead>
        <tbody>
          {checks.map((check) => (
            <tr key={check.name}>
              <td>{check.name}</td>
              <td>{check.ok ? <Tag tone="green">Works</Tag> : <Tag tone="red">Fails</Tag>}</td>
              <td>{check.detail}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

function Consumers({ health }: { readonly health: Health }) {
  return (
    <Stack gap="xs">
      <Title order={2}>Reading the log</Title>
      <ScrollTable label="Consumers of the log" min_width={420}>
        <thead>
          <tr>
            <th>Consumer</th>
            <th data-number>Position</th>
            <th data-number>Events behind</th>
            <th data-number>Seconds behind</th>
          </tr>
        </thead>
        <tbody>
          {health.consumers.map((consumer) => (
            <tr key={consumer.name}>
              <td>{consumer.name}</td>
              <td data-number>{formatCount(consumer.position)}</td>
              <td data-number>{formatCount(consumer.lag_events)}</td>
              <td data-number>{formatRate(consumer.lag_s)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <Text size="xs" c="dimmed">
        The log holds positions {formatCount(health.log.start)} to {formatCount(health.log.end)}.
      </Text>
    </Stack>
  );
}

function clock(at: string): string {
  return new Date(at).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' });
}
