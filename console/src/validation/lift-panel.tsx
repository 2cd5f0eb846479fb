import { Group, Select, SimpleGrid, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { type Lift, useLift } from '../api/segment-validation.ts';
import { Estimate } from '../elements/estimate.tsx';
import { EventField } from '../elements/event-field.tsx';
import { formatCounted, formatPeople } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { Stat } from '../elements/stat.tsx';
import { Tag } from '../elements/tag.tsx';

const VERDICTS = {
  higher: { tone: 'green', words: 'More often than others' },
  lower: { tone: 'amber', words: 'Less often than others' },
  'no difference shown': { tone: 'grey', words: 'No difference shown' },
  'no data yet': { tone: 'grey', words: 'No data yet' },
  withheld: { tone: 'grey', words: 'Too few people for your role' },
} as const;

/** Whether members do something more often than everybody else. */
export function LiftPanel({ segment }: { readonly segment: string }) {
  const [event, setEvent] = useState('Order Completed');
  const [days, setDays] = useState('30');
  const [asked] = useDebouncedValue(event.trim(), 400);
  const lift = useLift(segment, asked, Number(days));
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        <EventField label="Who did" value={event} onChange={setEvent} />
        <Select
          label="In the last"
          allowDeselect={false}
          w={120}
          data={['7', '30', '90', '365'].map((value) => ({ value, label: `${value} days` }))}
          value={days}
          onChange={(value) => setDays(value ?? '30')}
        />
      </Group>
      {asked !== '' && <QueryState query={lift}>{(data) => <Report lift={data} />}</QueryState>}
    </Stack>
  );
}

function Report({ lift }: { readonly lift: Lift }) {
  const verdict = VERDICTS[lift.distinct];
  return (
    <Stack gap="sm" role="status">
      <Group gap="xs">
        <Tag tone={verdict.tone}>{verdict.words}</Tag>
        <Text size="sm">{lift.words}</Text>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 2, md: 4 }} spacing="xs">
        <Stat
          label="Members"
          value={<Estimate {...lift.inside.rate} />}
          note={`${formatPeople(lift.inside.converted)} of ${formatPeople(lift.inside.people)}`}
        />
        <Stat
          label="Everybody else"
          value={<Estimate {...lift.outside.rate} />}
          note={`${formatPeople(lift.outside.converted)} of ${formatPeople(lift.outside.people)}`}
        />
        <Stat label="Difference" value={<Estimate {...lift.difference} />} note="members less others" />
        <Stat
          label="Times as often"
          value={<Estimate {...lift.ratio} as="number" />}
          note="members over others"
        />
      </SimpleGrid>
      {lift.left_out !== null && lift.left_out > 0 && (
        <Text size="sm" c="dimmed">
          {formatCounted(lift.left_out, 'member')} who came in during this time are left out: what made them
          members may be the event itself.
        </Text>
      )}
    </Stack>
  );
}
