import { Anchor, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { RulesPreview } from '../api/identity.ts';
import { useRun } from '../api/runs.ts';
import { BackgroundRun } from '../elements/background-run.tsx';
import { formatCount, formatCounted } from '../elements/number-format.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Stat } from '../elements/stat.tsx';
import { Tag } from '../elements/tag.tsx';
import { typeWords } from '../people/identifier-types.ts';

/** What other rules would do to the people there are: counted over everybody, with examples. */
export function RulesOutcome({ run_id }: { readonly run_id: string }) {
  const run = useRun(run_id).data;
  return (
    <Stack gap="sm">
      <BackgroundRun id={run_id} title="What would change" stale={[]} />
      {run?.state === 'done' && <Outcome result={run.result as RulesPreview} />}
    </Stack>
  );
}

function Outcome({ result }: { readonly result: RulesPreview }) {
  return (
    <Stack gap="sm">
      <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
        <Stat
          label="People"
          value={formatCount(result.people_after)}
          note={`now ${formatCount(result.people_before)}`}
        />
        <Stat label="Would split" value={formatCount(result.split)} note="people who become several" />
        <Stat label="Would join" value={formatCount(result.joined)} note="people who are several today" />
        <Stat
          label="Identifiers moved"
          value={formatCount(result.identifiers_moved)}
          note="to another person"
        />
      </SimpleGrid>
      {result.read_differently.length > 0 && (
        <Text size="sm">
          {result.read_differently.map(typeWords).join(', ')} would be read from other places or in another
          spelling: only new events will show what that changes.
        </Text>
      )}
      {result.examples.length > 0 && (
        <Stack gap="xs">
          <Title order={3}>Examples</Title>
          <ScrollTable label="Examples" min_width={560}>
            <thead>
              <tr>
                <th>What</th>
                <th>People of today</th>
                <th>Become</th>
              </tr>
            </thead>
            <tbody>
              {result.examples.map((example) => (
                <tr key={`${example.what}${example.persons.join()}`}>
                  <td>
                    <Tag tone={example.what === 'split' ? 'amber' : 'green'}>
                      {example.what === 'split' ? 'Splits' : 'Joins'}
                    </Tag>
                  </td>
                  <td>
                    {example.persons.slice(0, 5).map((person) => (
                      <Anchor
                        key={person}
                        component={Link}
                        to="/people"
                        search={{ open: person, tab: 'identity' } as never}
                        size="sm"
                        className="pl-mono"
                        mr={8}
                      >
                        {person}
                      </Anchor>
                    ))}
                    {example.persons.length > 5 && `and ${example.persons.length - 5} more`}
                  </td>
                  <td>
                    {formatCounted(example.becomes.length, 'person', 'people')}, with{' '}
                    {example.becomes.map((nodes) => formatCount(nodes.length)).join(' and ')} identifiers
                  </td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        </Stack>
      )}
    </Stack>
  );
}
