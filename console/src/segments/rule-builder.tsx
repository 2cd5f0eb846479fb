import { ActionIcon, Group, Loader, SegmentedControl, Stack, Text } from '@mantine/core';
import { IconArrowBackUp, IconArrowForwardUp } from '@tabler/icons-react';
import { useState } from 'react';
import type { RuleProblem } from '../api/segment-rules.ts';
import { BranchEditor } from './branch-editor.tsx';
import { RuleText } from './rule-text.tsx';
import { placesOf, readRule, writeRule } from './rule-tree.ts';
import type { RuleHistory } from './use-rule-history.ts';

interface Props {
  readonly history: RuleHistory;
  readonly problems: readonly RuleProblem[];
  readonly checking: boolean;
}

/** The rule as a tree of forms, or as text. */
export function RuleBuilder({ history, problems, checking }: Props) {
  const [view, setView] = useState<'form' | 'text'>('form');
  const places = placesOf(history.rule);
  return (
    <Stack gap="xs">
      <Group justify="space-between" gap="xs">
        <Group gap="xs">
          <SegmentedControl
            aria-label="Show the rule as"
            data={[
              { value: 'form', label: 'Form' },
              { value: 'text', label: 'YAML' },
            ]}
            value={view}
            onChange={(next) => setView(next as 'form' | 'text')}
          />
          <ActionIcon
            variant="default"
            size={30}
            aria-label="Undo"
            disabled={history.undo === undefined}
            onClick={() => history.undo?.()}
          >
            <IconArrowBackUp size={16} aria-hidden />
          </ActionIcon>
          <ActionIcon
            variant="default"
            size={30}
            aria-label="Redo"
            disabled={history.redo === undefined}
            onClick={() => history.redo?.()}
          >
            <IconArrowForwardUp size={16} aria-hidden />
          </ActionIcon>
          {checking && <Loader size={14} role="img" aria-label="Checking the rule" />}
        </Group>
        <Text size="xs" c="dimmed" visibleFrom="sm">
          On a condition: ↑ ↓ walk, Alt+↑ ↓ move, D duplicate, N negate, Delete
        </Text>
      </Group>
      {view === 'form' ? (
        <BranchEditor
          branch={history.rule}
          depth={0}
          places={places}
          problems={problems}
          change={history.change}
        />
      ) : (
        <RuleText
          rule={writeRule(history.rule)}
          problems={problems}
          onChange={(rule) => history.change(() => readRule(rule))}
        />
      )}
    </Stack>
  );
}
