import { Anchor, Button, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import type { ListComparison, OnePerson } from '../api/segment-validation.ts';
import { csvText } from '../elements/csv-text.ts';
import { download } from '../elements/download.ts';
import { Estimate } from '../elements/estimate.tsx';
import { formatCount, formatCounted } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Stat } from '../elements/stat.tsx';

/** How well the segment and the list agree; who is missing and which part of the rule kept them out. */
export function ListReport({ comparison }: { readonly comparison: ListComparison }) {
  const { missing, extra } = comparison;
  return (
    <Stack gap="sm" role="status">
      <SimpleGrid cols={{ base: 1, sm: 3 }} spacing="xs">
        <Stat
          label="Of the listed people in the segment"
          value={<Estimate {...comparison.recall} />}
          note={`${formatCount(comparison.people_in_both)} of ${formatCount(comparison.people_listed)} (recall)`}
        />
        <Stat
          label="Of the segment on the list"
          value={<Estimate {...comparison.precision} />}
          note={`${formatCount(comparison.people_in_both)} of ${formatCount(comparison.people_in_segment)} (precision)`}
        />
        <Stat
          label="When unknown lines count as missed"
          value={<Estimate {...comparison.recall_with_unknown} />}
          note={`${formatCounted(comparison.lines.unknown, 'line')} that nobody here is known by`}
        />
      </SimpleGrid>
      <Lines lines={comparison.lines} />
      {missing.why !== null && missing.why.length > 0 && <Reasons missing={missing} />}
      {missing.holds_now > 0 && (
        <Text size="sm">
          Of the missing people looked at, {formatCount(missing.holds_now)} fit the rule by now: the next
          refresh brings them in.
        </Text>
      )}
      <People
        title="Listed, but not in the segment"
        count={missing.people}
        people={missing.sample}
        file="missing.csv"
      />
      <People
        title="In the segment, but not listed"
        count={extra.people}
        people={extra.sample}
        file="extra.csv"
      />
    </Stack>
  );
}

function Lines({ lines }: Pick<ListComparison, 'lines'>) {
  if (lines.rejected_count === 0 && lines.duplicates === 0) return null;
  return (
    <Text size="sm">
      {formatCounted(lines.given, 'line')} given
      {lines.duplicates > 0 && `, ${formatCount(lines.duplicates)} of people listed before`}
      {lines.rejected_count > 0 &&
        `, ${formatCount(lines.rejected_count)} could not be read (${lines.rejected
          .slice(0, 3)
          .map(({ line, reason }) => `line ${line}: ${reason}`)
          .join('; ')})`}
      .
    </Text>
  );
}

function Reasons({ missing }: Pick<ListComparison, 'missing'>) {
  return (
    <Stack gap="xs">
      <Title order={3}>What keeps the missing people out</Title>
      <ScrollTable label="Failed parts of the rule" min_width={420}>
        <thead>
          <tr>
            <th>Part of the rule</th>
            <th>Place</th>
            <th data-number>Of {formatCount(missing.explained)} people</th>
          </tr>
        </thead>
        <tbody>
          {missing.why?.map((failed) => (
            <tr key={failed.path}>
              <td>{failed.predicate}</td>
              <td className="pl-mono">{failed.path}</td>
              <td data-number>{formatCount(failed.people)}</td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
    </Stack>
  );
}

interface PeopleProps {
  readonly title: string;
  readonly count: number;
  readonly people: readonly OnePerson[];
  readonly file: string;
}

function People({ title, count, people, file }: PeopleProps) {
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Title order={3}>
          {title}: {formatCount(count)}
        </Title>
        {people.length > 0 && (
          <Button
            variant="default"
            leftSection={<IconDownload size={14} aria-hidden />}
            onClick={() => download(file, 'text/csv', csvOf(people))}
          >
            Export sample
          </Button>
        )}
      </Group>
      {people.length > 0 && (
        <ScrollTable label={title} min_width={460} max_height="280px">
          <thead>
            <tr>
              <th>Person</th>
              <th>As listed</th>
              <th>Why</th>
            </tr>
          </thead>
          <tbody>
            {people.map((one) => (
              <tr key={one.person}>
                <td>
                  <Anchor component={Link} to="/people" search={{ open: one.person } as never} size="sm">
                    {one.person.slice(0, 6)}
                  </Anchor>
                </td>
                <td>{one.identifier ?? '–'}</td>
                <td>{one.why.map(({ predicate }) => predicate).join('; ') || '–'}</td>
              </tr>
            ))}
          </tbody>
        </ScrollTable>
      )}
    </Stack>
  );
}

const csvOf = (people: readonly OnePerson[]) =>
  csvText(
    ['person', 'identifier', 'why'],
    people.map((one) => [one.person, one.identifier, one.why.map(({ predicate }) => predicate).join('; ')]),
  );
