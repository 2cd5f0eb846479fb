import { Stack, Text, Title } from '@mantine/core';
import { useBlocked } from '../api/identity.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { IdentifierText } from '../people/identifier-text.tsx';
import { typeWords } from '../people/identifier-types.ts';

/** What joins nobody: blocked by rule, and learnt to be shared by many. */
export function BlockedValues() {
  const blocked = useBlocked();
  return (
    <QueryState query={blocked}>
      {(data) => (
        <Stack gap="lg">
          <Stack gap="xs">
            <Title order={2}>Blocked by rule</Title>
            {data.configured.length === 0 ? (
              <EmptyNote title="Nothing was blocked yet">
                Values such as null, guest or zeros are counted here when they arrive.
              </EmptyNote>
            ) : (
              <ScrollTable label="Blocked by rule" min_width={420}>
                <thead>
                  <tr>
                    <th>Type</th>
                    <th>Rule</th>
                    <th data-number>Events</th>
                  </tr>
                </thead>
                <tbody>
                  {data.configured.map((each) => (
                    <tr key={`${each.type}${each.rule}`}>
                      <td>{typeWords(each.type)}</td>
                      <td>{ruleWords(each.rule)}</td>
                      <td data-number>{formatCount(each.events)}</td>
                    </tr>
                  ))}
                </tbody>
              </ScrollTable>
            )}
          </Stack>
          <Stack gap="xs">
            <Title order={2}>Learnt to be shared</Title>
            <Text size="sm" c="dimmed">
              Seen with so many others that they join nobody: shared mailboxes, test devices, kiosks.
            </Text>
            {data.learned.length === 0 ? (
              <EmptyNote title="None so far">They appear here by themselves.</EmptyNote>
            ) : (
              <ScrollTable label="Learnt to be shared" min_width={360}>
                <thead>
                  <tr>
                    <th>Identifier</th>
                    <th>Type</th>
                  </tr>
                </thead>
                <tbody>
                  {data.learned.map((each) => (
                    <tr key={each.node}>
                      <td>
                        <IdentifierText identifier={{ ...each, masked: data.masked }} />
                      </td>
                      <td>{typeWords(each.type)}</td>
                    </tr>
                  ))}
                </tbody>
              </ScrollTable>
            )}
          </Stack>
        </Stack>
      )}
    </QueryState>
  );
}

/** `junk` and `blocked_patterns.0` in words. */
function ruleWords(rule: string): string {
  if (rule === 'junk') return 'Means nobody: null, guest, zeros and the like';
  if (rule.startsWith('blocked_pattern')) return 'Blocked pattern';
  return rule === 'blocked' ? 'Blocked value' : rule.replaceAll('_', ' ');
}
