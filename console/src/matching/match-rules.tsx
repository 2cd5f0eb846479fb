import { Button, Group, Stack, Text } from '@mantine/core';
import { type MatchingRules, useMatchingRules } from '../api/matching.ts';
import { useAddressState } from '../elements/address-state.ts';
import { BackButton } from '../elements/back-button.tsx';
import { DefinitionEditor } from '../elements/definition-editor.tsx';
import { Drafts } from '../elements/drafts.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { MATCHING_STARTER } from './matching-starter.ts';

const NEW = '+';

/** Released rules; `edit` in the address opens one, or a new one. */
export function MatchRules() {
  const [address, setAddress] = useAddressState();
  const rules = useMatchingRules();
  const editing = address['edit'];
  if (editing !== undefined)
    return (
      <Stack gap="sm">
        <BackButton onClick={() => setAddress({ edit: null })}>All rules</BackButton>
        <DefinitionEditor
          key={editing}
          kind="matching-rules"
          name={editing === NEW ? '' : editing}
          noun="rules"
          starter={{ name: 'crm', text: MATCHING_STARTER }}
          onReleased={() => setAddress({ edit: null })}
        />
      </Stack>
    );
  return (
    <Stack gap="sm">
      <Group justify="space-between" gap="xs">
        <Text size="sm" c="dimmed" style={{ flex: '1 1 260px' }}>
          Rules say which records are compared, on what, and what becomes of the pairs.
        </Text>
        <Button onClick={() => setAddress({ edit: NEW })}>New rules</Button>
      </Group>
      <Drafts kind="matching-rules" onOpen={(name) => setAddress({ edit: name })} />
      <QueryState query={rules}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote title="No matching rules are released">
              Begin with “New rules”: the text there is a working example for a CRM list.
            </EmptyNote>
          ) : (
            <RulesTable rules={list} onEdit={(name) => setAddress({ edit: name })} />
          )
        }
      </QueryState>
    </Stack>
  );
}

interface TableProps {
  readonly rules: readonly MatchingRules[];
  readonly onEdit: (name: string) => void;
}

function RulesTable({ rules, onEdit }: TableProps) {
  return (
    <ScrollTable label="Matching rules" min_width={640}>
      <thead>
        <tr>
          <th>Rules</th>
          <th>Compares</th>
          <th>What it is for</th>
          <th>Sure matches</th>
          <th data-number>Version</th>
        </tr>
      </thead>
      <tbody>
        {rules.map((each) => (
          <tr key={each.name} data-clickable onClick={() => onEdit(each.name)}>
            <td>
              <button type="button" className="pl-row-button">
                {each.name}
              </button>
            </td>
            <td>{each.mode === 'link' ? `${each.left} with ${each.right}` : `doubles among ${each.left}`}</td>
            <td>{each.description || '–'}</td>
            <td>
              {each.auto ? (
                <Tag tone="green">Joined by themselves</Tag>
              ) : (
                <Tag tone="blue">Wait for review</Tag>
              )}
            </td>
            <td data-number>{each.version}</td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}
