import { Group, Kbd, Modal, ScrollArea, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate } from '@tanstack/react-router';
import { type KeyboardEvent, useEffect, useRef, useState } from 'react';
import type { Page } from '../page.ts';
import { PAGES } from '../pages.ts';

const KEYS = [
  { keys: ['Ctrl', 'K'], does: 'Open or close this list' },
  { keys: ['/'], does: 'Search live events' },
  { keys: ['Space'], does: 'Pause or resume live events' },
  { keys: ['J'], does: 'Next event or group' },
  { keys: ['K'], does: 'Previous event or group' },
  { keys: ['Enter'], does: 'Open what is selected' },
  { keys: ['Esc'], does: 'Close a panel' },
] as const;

interface Props {
  readonly opened: boolean;
  readonly onClose: () => void;
}

/** Pages by name, and every shortcut. */
export function CommandPalette({ opened, onClose }: Props) {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title="Go to a page"
      size="md"
      yOffset="12vh"
      transitionProps={{ duration: 80 }}
    >
      <PaletteBody onClose={onClose} />
    </Modal>
  );
}

function PaletteBody({ onClose }: { readonly onClose: () => void }) {
  const navigate = useNavigate();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const field = useRef<HTMLInputElement>(null);
  // At once, not after the opening animation: who types on loses no letter.
  useEffect(() => field.current?.focus(), []);
  const found = PAGES.filter((page) =>
    `${page.title} ${page.section}`.toLowerCase().includes(text.toLowerCase()),
  );
  const go = (page: Page | undefined) => {
    if (page === undefined) return;
    onClose();
    void navigate({ to: page.path, search: {} as never });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key === 'ArrowDown') setActive((index) => Math.min(index + 1, found.length - 1));
    else if (event.key === 'ArrowUp') setActive((index) => Math.max(index - 1, 0));
    else if (event.key === 'Enter') go(found[active]);
    else return;
    event.preventDefault();
  };
  return (
    <>
      <TextInput
        ref={field}
        data-autofocus
        size="sm"
        aria-label="Page"
        placeholder="Type a page's name"
        leftSection={<IconSearch size={15} aria-hidden />}
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
        }}
        onKeyDown={onKeyDown}
        role="combobox"
        aria-expanded="true"
        aria-controls="palette-pages"
        {...(found.length === 0 ? {} : { 'aria-activedescendant': `palette-${active}` })}
      />
      <div id="palette-pages" role="listbox" aria-label="Pages" style={{ marginTop: 8 }}>
        {found.map((page, index) => (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the field above moves the choice and presses Enter
          <div
            key={page.path}
            id={`palette-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === active}
            className="pl-option"
            onClick={() => go(page)}
            onMouseMove={() => setActive(index)}
          >
            <Group justify="space-between" wrap="nowrap">
              <Group gap="xs" wrap="nowrap">
                <page.icon size={16} stroke={1.6} />
                <Text size="sm">{page.title}</Text>
              </Group>
              {page.shortcut !== undefined && (
                <span>
                  <Kbd size="xs">g</Kbd> <Kbd size="xs">{page.shortcut}</Kbd>
                </span>
              )}
            </Group>
          </div>
        ))}
      </div>
      {found.length === 0 && (
        <Text size="sm" c="dimmed" p="xs">
          No page has that name.
        </Text>
      )}
      <Text size="xs" c="dimmed" mt="md" mb={6}>
        Keyboard
      </Text>
      <ScrollArea.Autosize mah={220}>
        {KEYS.map(({ keys, does }) => (
          <Group key={does} justify="space-between" py={3} px={10} wrap="nowrap">
            <Text size="sm">{does}</Text>
            <span>
              {keys.map((key) => (
                <Kbd key={key} size="xs" ml={4}>
                  {key}
                </Kbd>
              ))}
            </span>
          </Group>
        ))}
      </ScrollArea.Autosize>
    </>
  );
}
