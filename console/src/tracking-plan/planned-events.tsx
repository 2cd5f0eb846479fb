import { Anchor, Drawer, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { type PlannedEvent, type TrackingPlan, useTrackingPlans } from '../api/tracking-plans.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { JsonTree } from '../elements/json-tree.tsx';
import { formatCount, formatCounted } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';

export const ACTION_LABELS: Record<string, string> = {
  allow: 'Kept, noted',
  strip: 'Field removed',
  quarantine: 'Quarantined',
};

export function PlannedEvents() {
  const plans = useTrackingPlans();
  return (
    <QueryState query={plans}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="No tracking plan is released">
            Events are kept as they come.{' '}
            <Anchor component={Link} to="." search={{ tab: 'edit' } as never} size="sm" underline="always">
              Write a plan
            </Anchor>{' '}
            to have them checked.
          </EmptyNote>
        ) : (
          <Stack gap="lg">
            {list.map((plan) => (
              <PlanTable key={plan.name} plan={plan} />
            ))}
          </Stack>
        )
      }
    </QueryState>
  );
}

function PlanTable({ plan }: { readonly plan: TrackingPlan }) {
  const [opened, setOpened] = useState<PlannedEvent | undefined>();
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Title order={2}>{plan.name}</Title>
        <Text size="sm" c="dimmed">
          version {plan.version}, {formatCounted(plan.events.length, 'event')}
        </Text>
      </Group>
      <ScrollTable label={`Events of plan ${plan.name}`} min_width={660}>
        <thead>
          <tr>
            <th>Event</th>
            <th>Type</th>
            <th data-number>Version</th>
            <th>On violation</th>
            <th data-number>Seen, 24 h</th>
            <th data-number>Violations, 24 h</th>
            <th>Last seen</th>
          </tr>
        </thead>
        <tbody>
          {plan.events.map((event) => (
            <tr
              key={`${event.type}${event.event}${event.version}`}
              data-clickable
              onClick={() => setOpened(event)}
            >
              <td>
                <button type="button" className="pl-row-button">
                  {event.event || `every ${event.type} call`}
                </button>
              </td>
              <td>{event.type}</td>
              <td data-number>{event.version}</td>
              <td>{ACTION_LABELS[event.on_violation ?? 'quarantine']}</td>
              <td data-number>{formatCount(event.seen_24h)}</td>
              <td
                data-number
                style={event.violations_24h > 0 ? { color: 'var(--pl-red)', fontWeight: 600 } : {}}
              >
                {formatCount(event.violations_24h)}
              </td>
              <td>
                <RelativeTime at={event.last_seen_at} />
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <Unplanned plan={plan} />
      <EventDrawer event={opened} onClose={() => setOpened(undefined)} />
    </Stack>
  );
}

function Unplanned({ plan }: { readonly plan: TrackingPlan }) {
  if (plan.unplanned.length === 0) return null;
  return (
    <Stack gap="xs" mt="xs">
      <Title order={3}>Not in the plan, but sent in the last 24 hours</Title>
      <ScrollTable label="Events not in the plan" min_width={320}>
        <thead>
          <tr>
            <th>Event</th>
            <th>Type</th>
            <th data-number>Events</th>
          </tr>
        </thead>
        <tbody>
          {plan.unplanned.map((each) => (
            <tr key={`${each.type}${each.event}`}>
              <td>{each.event === '' ? '(no name)' : each.event}</td>
              <td>{each.type}</td>
              <td data-number>{formatCount(each.count)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

function EventDrawer({
  event,
  onClose,
}: {
  readonly event: PlannedEvent | undefined;
  readonly onClose: () => void;
}) {
  return (
    <Drawer
      opened={event !== undefined}
      onClose={onClose}
      position="right"
      size="lg"
      title={event === undefined ? '' : event.event || `every ${event.type} call`}
    >
      {event !== undefined && (
        <Stack gap="md">
          {event.description !== undefined && event.description !== '' && (
            <Text size="sm">{event.description}</Text>
          )}
          <Group gap="xs">
            <Tag tone="grey">{event.type}</Tag>
            <Tag tone="grey">version {event.version}</Tag>
          </Group>
          <JsonTree label="JSON Schema" value={event.schema} />
        </Stack>
      )}
    </Drawer>
  );
}
