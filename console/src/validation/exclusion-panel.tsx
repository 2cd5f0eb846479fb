import { Button, Group, NumberInput, SimpleGrid, Stack, Text, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { type ExclusionCheck, useExclusionCheck } from '../api/segment-validation.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { Estimate } from '../elements/estimate.tsx';
import { EventField } from '../elements/event-field.tsx';
import { formatCount, formatPeople, formatShare } from '../elements/number-format.ts';
import { Stat } from '../elements/stat.tsx';
import { Tag, type Tone } from '../elements/tag.tsx';

const VERDICTS: Readonly<Record<ExclusionCheck['verdict'], { tone: Tone; words: string }>> = {
  'drops value': { tone: 'red', words: 'Leaving them out drops value' },
  'drops little': { tone: 'green', words: 'Little would be lost' },
  'too few to say': { tone: 'grey', words: 'Too few to say' },
  'nothing known': { tone: 'amber', words: 'Nothing known' },
};

/** What would be lost when these people were left out of everything. */
export function ExclusionPanel({ segment }: { readonly segment: string }) {
  const check = useExclusionCheck(segment);
  const [input, setInput] = useState({
    days: 90,
    inactive_days: 30,
    order_event: 'Order Completed',
    revenue: 'revenue',
  });
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    check.mutate(input);
  };
  return (
    <Stack gap="sm">
      <Text size="sm">
        Before you use the segment as an exclusion: what its people bring, and who is away only briefly.
      </Text>
      <form onSubmit={onSubmit}>
        <Group gap="xs" align="flex-end">
          <NumberInput
            label="Looking back, days"
            w={130}
            min={1}
            max={365}
            value={input.days}
            onChange={(value) => setInput({ ...input, days: Number(value) || 90 })}
          />
          <NumberInput
            label="Away means, days"
            w={130}
            min={1}
            max={365}
            value={input.inactive_days}
            onChange={(value) => setInput({ ...input, inactive_days: Number(value) || 30 })}
          />
          <EventField
            label="Event of an order"
            value={input.order_event}
            onChange={(order_event) => setInput({ ...input, order_event })}
          />
          <TextInput
            label="Property with its value"
            value={input.revenue}
            onChange={(event) => setInput({ ...input, revenue: event.currentTarget.value })}
          />
          <Button type="submit" loading={check.isPending}>
            Check
          </Button>
        </Group>
      </form>
      {check.isError && <ErrorState error={check.error} />}
      {check.data !== undefined && <Report check={check.data} />}
    </Stack>
  );
}

function Report({ check }: { readonly check: ExclusionCheck }) {
  const verdict = VERDICTS[check.verdict];
  return (
    <Stack gap="sm" role="status">
      <Group gap="xs">
        <Tag tone={verdict.tone}>{verdict.words}</Tag>
        <Text size="sm">{check.words}</Text>
      </Group>
      <SimpleGrid cols={{ base: 1, sm: 2, md: 4 }} spacing="xs">
        <Stat
          label={`Revenue in ${check.window.days} days`}
          value={formatCount(check.revenue)}
          note={`${formatShare(check.revenue_share)} of everybody’s, from ${formatPeople(check.buyers)} buyers`}
        />
        <Stat
          label={`Expected in the next ${check.window.days} days`}
          value={<Estimate {...check.expected} as="number" />}
          note={
            check.short_history === 0 || check.short_history === null
              ? 'if they go on as they did'
              : `if they go on as they did; ${formatCount(check.short_history)} buyers are known too short to say and count with what they brought`
          }
        />
        <Stat
          label="Away"
          value={formatPeople(check.inactive)}
          note={`of ${formatCount(check.people)} people in the segment`}
        />
        <Stat
          label="Away only briefly"
          value={formatPeople(check.briefly_inactive)}
          note={`within twice their usual pause; they brought ${formatCount(check.briefly_inactive_revenue)}`}
        />
      </SimpleGrid>
    </Stack>
  );
}
