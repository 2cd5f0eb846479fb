import { ActionIcon, Button, Group } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus } from '@tabler/icons-react';
import { useState } from 'react';
import { moved } from '../elements/moved.ts';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { typeWords } from '../people/identifier-types.ts';
import { type IdentifierRule, limitWords } from './rules-body.ts';
import { TypeDrawer } from './type-drawer.tsx';

interface Props {
  readonly identifiers: readonly IdentifierRule[];
  readonly onChange: (identifiers: readonly IdentifierRule[]) => void;
}

/** The types in order of priority: the first leads, the last is given up first when a limit is passed. */
export function TypeTable({ identifiers, onChange }: Props) {
  const [open, setOpen] = useState<number | undefined>();
  const opened = open === undefined ? undefined : identifiers[open];
  const add = () => {
    onChange([...identifiers, { type: `own_id_${identifiers.length + 1}`, paths: [] }]);
    setOpen(identifiers.length);
  };
  return (
    <>
      <ScrollTable label="Types of identifiers, by priority" min_width={860}>
        <thead>
          <tr>
            <th data-number>Priority</th>
            <th>Type</th>
            <th>Found in</th>
            <th>One person has</th>
            <th>Joins people</th>
            <th data-number>Blocked</th>
            <th>
              <span className="pl-hidden">Change</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {identifiers.map((rule, index) => (
            <tr key={rule.type}>
              <td data-number>{index + 1}</td>
              <td>
                <button type="button" className="pl-row-button" onClick={() => setOpen(index)}>
                  {typeWords(rule.type)}
                </button>
              </td>
              <td className="pl-mono" style={{ maxWidth: 280 }}>
                <span className="pl-truncate" title={rule.paths?.join(', ')}>
                  {rule.paths?.join(', ') || 'external ids'}
                </span>
              </td>
              <td>{limitWords(rule.limit)}</td>
              <td>
                <Tag tone={rule.merges === false ? 'grey' : 'green'}>
                  {rule.merges === false ? 'never' : 'yes'}
                </Tag>
              </td>
              <td data-number>{(rule.blocked?.length ?? 0) + (rule.blocked_patterns?.length ?? 0) || '–'}</td>
              <td>
                <Group gap={4} wrap="nowrap" justify="flex-end">
                  <ActionIcon
                    variant="default"
                    aria-label={`${typeWords(rule.type)}: higher priority`}
                    disabled={index === 0}
                    onClick={() => onChange(moved(identifiers, index, -1))}
                  >
                    <IconArrowUp size={14} aria-hidden />
                  </ActionIcon>
                  <ActionIcon
                    variant="default"
                    aria-label={`${typeWords(rule.type)}: lower priority`}
                    disabled={index === identifiers.length - 1}
                    onClick={() => onChange(moved(identifiers, index, 1))}
                  >
                    <IconArrowDown size={14} aria-hidden />
                  </ActionIcon>
                  <Button size="compact-xs" variant="default" onClick={() => setOpen(index)}>
                    Change
                  </Button>
                </Group>
              </td>
            </tr>
          ))}
        </tbody>
      </ScrollTable>
      <Button
        variant="default"
        style={{ alignSelf: 'flex-start' }}
        leftSection={<IconPlus size={14} aria-hidden />}
        onClick={add}
      >
        Add a type of your own
      </Button>
      <TypeDrawer
        rule={opened}
        onChange={(rule) => open !== undefined && onChange(identifiers.with(open, rule))}
        onRemove={() => {
          if (open !== undefined) onChange(identifiers.toSpliced(open, 1));
          setOpen(undefined);
        }}
        onClose={() => setOpen(undefined)}
      />
    </>
  );
}
