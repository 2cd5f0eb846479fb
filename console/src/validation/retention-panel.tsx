import { Group, NumberInput, Stack, Text } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { useState } from 'react';
import { type Retention, useRetention } from '../api/segment-validation.ts';
import { BandChart } from '../elements/band-chart.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { EventField } from '../elements/event-field.tsx';
import { HeatMap } from '../elements/heat-map.tsx';
import { formatCount, formatPeople, formatShare } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';

/** Of those who entered in a week, how many were active in the weeks after. */
export function RetentionPanel({ segment }: { readonly segment: string }) {
  const [event, setEvent] = useState('');
  const [weeks, setWeeks] = useState(8);
  const [asked] = useDebouncedValue(event.trim(), 400);
  const retention = useRetention(segment, asked, weeks);
  return (
    <Stack gap="sm">
      <Group gap="xs" align="flex-end">
        <EventField label="Active means" placeholder="any event" value={event} onChange={setEvent} />
        <NumberInput
          label="Weeks after entry"
          w={130}
          min={1}
          max={52}
          value={weeks}
          onChange={(value) => setWeeks(Math.min(52, Math.max(1, Number(value))))}
        />
      </Group>
      <QueryState query={retention}>
        {(data) =>
          data.cohorts.every((cohort) => cohort.weeks.length === 0) ? (
            <EmptyNote title="No data yet">
              {data.cohorts.length === 0
                ? 'Nobody came in during these weeks.'
                : 'Nobody came in a whole week ago, and only whole weeks after it are counted: look again in a few days.'}
            </EmptyNote>
          ) : (
            <Report retention={data} />
          )
        }
      </QueryState>
    </Stack>
  );
}

function Report({ retention }: { readonly retention: Retention }) {
  const weeks = retention.total.map(({ week }) => week);
  return (
    <Stack gap="sm">
      {retention.total.length > 1 && (
        <div className="pl-panel" style={{ padding: 12 }}>
          <BandChart
            label="Share active by week after entry, all cohorts together. The table below holds the cohorts."
            x_label="Weeks after entry"
            y_label="Share active"
            format_x={formatCount}
            format_y={formatShare}
            y_from={0}
            height_px={220}
            lines={[
              {
                name: 'All who entered',
                colour: 'blue',
                points: retention.total.flatMap(({ week, rate }) =>
                  rate.value === null ? [] : [{ x: week, y: rate.value, low: rate.low, high: rate.high }],
                ),
              },
            ]}
          />
        </div>
      )}
      <HeatMap
        label="Share active, by week of entry"
        corner="Entered in the week of"
        columns={['People', ...weeks.map((week) => `Week ${week}`)]}
        rows={retention.cohorts.map((cohort) => ({
          name: `${cohort.week.slice(0, 10)}${cohort.put_in ? ' (put in)' : ''}`,
          cells: [
            { heat: null, text: formatCount(cohort.people) },
            ...weeks.map((week) => cellOf(cohort.weeks.find((each) => each.week === week))),
          ],
        }))}
      />
      {retention.cohorts.some((cohort) => cohort.put_in) && (
        <Text size="xs" c="dimmed">
          Put in: they fitted when the segment was first worked out, or under another rule. When they began to
          is not known, so they are no part of the curve.
        </Text>
      )}
      {retention.cohorts_left_out > 0 && (
        <Text size="xs" c="dimmed">
          Weeks in which fewer than 10 people came in are left out: your role sees no people.
        </Text>
      )}
      <Text size="xs" c="dimmed">
        Shares of few people are uncertain: the bounds of each stand in its tooltip.
      </Text>
    </Stack>
  );
}

function cellOf(at: Retention['cohorts'][number]['weeks'][number] | undefined) {
  if (at === undefined) return { heat: null, text: '' };
  if (at.rate.value === null) return { heat: null, text: 'few', title: 'fewer than 10 people' };
  return {
    heat: at.rate.value,
    text: formatShare(at.rate.value),
    title: `${formatPeople(at.active)} people; 95 % interval ${formatShare(at.rate.low)} to ${formatShare(at.rate.high)}`,
  };
}
