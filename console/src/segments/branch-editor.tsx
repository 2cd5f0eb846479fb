import { ActionIcon, Group, Select, Stack, Text } from '@mantine/core';
import { IconTrash } from '@tabler/icons-react';
import type { RuleProblem } from '../api/segment-rules.ts';
import { AddPart } from './add-part.tsx';
import type { Errors } from './builder-context.ts';
import { LeafEditor } from './leaf-editor.tsx';
import { addPart, type Branch, changePart, type Part, removePart } from './rule-tree.ts';
import type { RuleHistory } from './use-rule-history.ts';

const DEPTH_MAX = 8;

const WAYS = [
  { value: 'all', label: 'all of these' },
  { value: 'any', label: 'at least one of these' },
  { value: 'not any', label: 'none of these' },
  { value: 'not all', label: 'not all of these' },
];

export interface TreeProps {
  readonly depth: number;
  readonly places: ReadonlyMap<number, string>;
  readonly problems: readonly RuleProblem[];
  readonly change: RuleHistory['change'];
}

/** A group of conditions: how they count together, each of them, and a way to add more. */
export function BranchEditor({ branch, ...tree }: TreeProps & { readonly branch: Branch }) {
  const { depth, places, problems, change } = tree;
  const own = errorsOf(problems, places.get(branch.id) ?? '').get('');
  const setWay = (way: string | null) =>
    change((rule) =>
      changePart(rule, branch.id, (part) => ({
        ...(part as Branch),
        how: way?.endsWith('any') === true ? 'any' : 'all',
        not: way?.startsWith('not') === true,
      })),
    );
  return (
    <Stack
      gap="xs"
      className="pl-branch"
      data-depth={depth % 2}
      role="group"
      aria-label="Group of conditions"
    >
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Text size="sm">{depth === 0 ? 'People for whom' : 'For whom'}</Text>
          <Select
            aria-label="How the conditions count together"
            w={178}
            allowDeselect={false}
            data={depth === 0 ? WAYS.slice(0, 2) : WAYS}
            value={`${branch.not ? 'not ' : ''}${branch.how}`}
            onChange={setWay}
          />
          <Text size="sm">hold</Text>
        </Group>
        {depth > 0 && (
          <ActionIcon
            variant="default"
            aria-label="Remove the group with its conditions"
            onClick={() => change((rule) => removePart(rule, branch.id))}
          >
            <IconTrash size={14} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      {branch.parts.map((part, index) => (
        <div key={part.id}>
          {index > 0 && (
            <Text size="xs" c="dimmed" mb={6} fw={600}>
              {branch.how === 'all' ? 'and' : 'or'}
            </Text>
          )}
          <PartEditor part={part} {...tree} />
        </div>
      ))}
      {own !== undefined && (
        <Text size="xs" c={branch.parts.length === 0 ? 'dimmed' : 'var(--pl-red)'}>
          {branch.parts.length === 0 ? 'Add a condition.' : own}
        </Text>
      )}
      <AddPart
        may_nest={depth < DEPTH_MAX}
        onAdd={(added) => change((rule) => addPart(rule, branch.id, added))}
      />
    </Stack>
  );
}

function PartEditor({ part, ...tree }: TreeProps & { readonly part: Part }) {
  if (part.is === 'branch') return <BranchEditor branch={part} {...tree} depth={tree.depth + 1} />;
  return (
    <LeafEditor
      leaf={part}
      errors={errorsOf(tree.problems, tree.places.get(part.id) ?? '')}
      change={tree.change}
    />
  );
}

/** Problems at a place, by their path in it. */
function errorsOf(problems: readonly RuleProblem[], place: string): Errors {
  const errors = new Map<string, string>();
  for (const { field, message } of problems) {
    const path =
      field === place ? '' : field.startsWith(`${place}.`) ? field.slice(place.length + 1) : undefined;
    // Of several the first one: it says what to do, the others follow from it.
    if (path !== undefined && !errors.has(path)) errors.set(path, message);
  }
  // A group knows only what is wrong with itself: the list that is empty.
  for (const list of ['all', 'any']) {
    const message = errors.get(list);
    if (message !== undefined) errors.set('', message);
  }
  return errors;
}
