import { SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { useSegmentLabels } from '../api/segment-rules.ts';
import type { SegmentSet, SetMember } from '../api/segment-sets.ts';
import { formatCount, formatPeople, formatShare } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { SegmentLink } from '../elements/segment-link.tsx';
import { Stat } from '../elements/stat.tsx';

/** The members in their order, and what the set leaves each of them. */
export function SetMembers({ set }: { readonly set: SegmentSet }) {
  const labelOf = useSegmentLabels();
  const most = Math.max(1, ...set.members_now.map(({ before }) => before ?? 0));
  const has_values = set.members_now.some(({ value }) => value !== null);
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="xs">
        <Stat label="People in the set" value={formatPeople(set.people)} />
        <Stat label="In more than one" value={formatPeople(set.conflicts)} note="decided by the policy" />
        <Stat label="Left in none" value={formatPeople(set.none)} note="by their conflict" />
        <Stat
          label="Caught by nothing"
          value={formatPeople(set.uncaught)}
          note={`seen in the last ${set.seen_days} days, in no member, and no fallback fits`}
        />
      </SimpleGrid>
      {set.not_counted.combinations > 0 && (
        <Text size="sm">
          Not in these numbers: {formatPeople(set.not_counted.people)} people in{' '}
          {formatCount(set.not_counted.combinations)} rare combinations of members. Only the 10,000 most
          frequent ones are counted; fewer members make fewer combinations.
        </Text>
      )}
      <ScrollTable label="Members in order" min_width={720}>
        <thead>
          <tr>
            <th data-number>Order</th>
            <th>Segment</th>
            {has_values && <th data-number>Value</th>}
            <th data-number>Before</th>
            <th data-number>After</th>
            <th style={{ width: '26%' }}>Kept</th>
            <th>Lost to</th>
          </tr>
        </thead>
        <tbody>
          {set.members_now.map((member, index) => (
            <tr key={member.segment}>
              <td data-number>{index + 1}</td>
              <td>
                <SegmentLink name={member.segment} />
                {member.within !== null && (
                  <Text size="xs" c="dimmed">
                    part of {labelOf(member.within)}
                  </Text>
                )}
              </td>
              {has_values && <td data-number>{formatCount(member.value)}</td>}
              <td data-number>{formatPeople(member.before)}</td>
              <td data-number>{formatPeople(member.after)}</td>
              <td>
                <Kept member={member} most={most} />
              </td>
              <td>{lostWords(member, labelOf)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      {set.cold_start.length > 0 && <ColdStart set={set} />}
    </Stack>
  );
}

/** Two bars on one scale: what it had, and within it what is left. */
function Kept({ member, most }: { readonly member: SetMember; readonly most: number }) {
  const [before, after] = [member.before ?? 0, member.after ?? 0];
  return (
    <div
      className="pl-bar-track"
      aria-hidden
      title={formatShare(before === 0 ? 0 : after / before)}
      style={{ background: 'none' }}
    >
      <div className="pl-bar" style={{ color: 'var(--pl-line)', width: `${(before / most) * 100}%` }} />
      <div className="pl-bar" style={{ color: 'var(--pl-accent-text)', width: `${(after / most) * 100}%` }} />
    </div>
  );
}

function lostWords({ lost_to }: SetMember, labelOf: (name: string) => string): string {
  if (lost_to.length === 0) return '–';
  return lost_to.map(({ segment, people }) => `${labelOf(segment)}: ${formatPeople(people)}`).join(', ');
}

function ColdStart({ set }: { readonly set: SegmentSet }) {
  const labelOf = useSegmentLabels();
  return (
    <Stack gap="xs">
      <Title order={3}>People in no member, seen in the last {set.seen_days} days</Title>
      <ScrollTable label="Fallbacks" min_width={360}>
        <thead>
          <tr>
            <th>Fall back to</th>
            <th data-number>People</th>
            <th data-number>Share</th>
          </tr>
        </thead>
        <tbody>
          {set.cold_start.map((fallback, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: two fallbacks may lead to one segment; their order is theirs
            <tr key={index}>
              <td>{labelOf(fallback.segment)}</td>
              <td data-number>{formatPeople(fallback.people)}</td>
              <td data-number>{formatShare(fallback.share)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}
