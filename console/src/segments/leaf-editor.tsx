import { ActionIcon, Group, Menu, Stack, Text } from '@mantine/core';
import {
  IconArrowDown,
  IconArrowUp,
  IconCopy,
  IconDots,
  IconFolderPlus,
  IconReplace,
  IconTrash,
} from '@tabler/icons-react';
import type { KeyboardEvent } from 'react';
import { freshBody } from './add-part.tsx';
import { type Errors, useBuilder } from './builder-context.ts';
import { PredicateForm } from './predicate-form.tsx';
import { changePart, duplicatePart, type Leaf, movePart, removePart, wrapPart } from './rule-tree.ts';
import type { RuleHistory } from './use-rule-history.ts';

interface Props {
  readonly leaf: Leaf;
  readonly errors: Errors;
  readonly change: RuleHistory['change'];
}

/** One condition. Keys work while the frame itself has the focus, so that letters in fields stay letters. */
export function LeafEditor({ leaf, errors, change }: Props) {
  const { predicates } = useBuilder();
  const predicate = predicates.find((each) => each.name === leaf.body['predicate']);
  const title = predicate?.title ?? String(leaf.body['predicate']);
  const negate = () => change((rule) => changePart(rule, leaf.id, (part) => ({ ...part, not: !part.not })));
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey) return;
    const by = event.key === 'ArrowUp' ? -1 : event.key === 'ArrowDown' ? 1 : undefined;
    if (by !== undefined && event.altKey) change((rule) => movePart(rule, leaf.id, by));
    else if (by !== undefined) focusNeighbour(event.currentTarget, by);
    else if (event.key === 'd') change((rule) => duplicatePart(rule, leaf.id));
    else if (event.key === 'n') negate();
    else if (event.key === 'Delete') change((rule) => removePart(rule, leaf.id));
    else return;
    event.preventDefault();
  };
  return (
    <Stack
      className="pl-panel pl-leaf"
      p="xs"
      gap={8}
      role="group"
      aria-label={`${leaf.not ? 'Not: ' : ''}${title}`}
      tabIndex={0}
      data-leaf
      onKeyDown={onKeyDown}
    >
      <Group justify="space-between" gap="xs" wrap="nowrap">
        <Group gap="xs">
          <button
            type="button"
            className="pl-filter"
            aria-pressed={leaf.not}
            title="Turn the condition round"
            onClick={negate}
          >
            not
          </button>
          <Text size="sm" fw={600} title={predicate?.summary}>
            {title}
          </Text>
        </Group>
        <LeafMenu leaf={leaf} title={title} change={change} />
      </Group>
      {predicate === undefined ? (
        <Text size="sm" c="dimmed">
          This console does not know the condition; edit it as YAML.
        </Text>
      ) : (
        <PredicateForm
          schema={predicate.schema}
          body={leaf.body}
          errors={errors}
          onChange={(body) =>
            change(
              (rule) => changePart(rule, leaf.id, (part) => ({ ...part, body }) as Leaf),
              `body ${leaf.id}`,
            )
          }
        />
      )}
    </Stack>
  );
}

function LeafMenu({ leaf, title, change }: Pick<Props, 'leaf' | 'change'> & { readonly title: string }) {
  const { predicates } = useBuilder();
  return (
    <Group gap={4} wrap="nowrap">
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Duplicate: ${title}`}
        onClick={() => change((rule) => duplicatePart(rule, leaf.id))}
      >
        <IconCopy size={14} aria-hidden />
      </ActionIcon>
      <ActionIcon
        variant="subtle"
        color="gray"
        aria-label={`Remove: ${title}`}
        onClick={() => change((rule) => removePart(rule, leaf.id))}
      >
        <IconTrash size={14} aria-hidden />
      </ActionIcon>
      <Menu position="bottom-end" shadow="md" width={250}>
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" aria-label={`More for: ${title}`}>
            <IconDots size={14} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown mah={420} style={{ overflowY: 'auto' }}>
          <Menu.Item
            leftSection={<IconArrowUp size={14} aria-hidden />}
            onClick={() => change((rule) => movePart(rule, leaf.id, -1))}
          >
            Move up
          </Menu.Item>
          <Menu.Item
            leftSection={<IconArrowDown size={14} aria-hidden />}
            onClick={() => change((rule) => movePart(rule, leaf.id, 1))}
          >
            Move down
          </Menu.Item>
          <Menu.Item
            leftSection={<IconFolderPlus size={14} aria-hidden />}
            onClick={() => change((rule) => wrapPart(rule, leaf.id, 'any'))}
          >
            Put into a group of its own
          </Menu.Item>
          <Menu.Label>Ask something else instead</Menu.Label>
          {predicates
            .filter((each) => each.name !== leaf.body['predicate'])
            .map((each) => (
              <Menu.Item
                key={each.name}
                leftSection={<IconReplace size={14} aria-hidden />}
                onClick={() =>
                  change((rule) =>
                    changePart(rule, leaf.id, (part) => ({ ...part, body: freshBody(each) }) as Leaf),
                  )
                }
              >
                {each.title}
              </Menu.Item>
            ))}
        </Menu.Dropdown>
      </Menu>
    </Group>
  );
}

function focusNeighbour(from: HTMLElement, by: number): void {
  const all = [...document.querySelectorAll<HTMLElement>('[data-leaf]')];
  all[all.indexOf(from) + by]?.focus();
}
