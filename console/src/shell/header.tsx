import { ActionIcon, Burger, Button, Group, Kbd, Menu, Text } from '@mantine/core';
import { IconLogout, IconSearch, IconUser } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useSession, useSignOut } from '../api/session.ts';
import { SchemeToggle } from './scheme-toggle.tsx';

interface Props {
  readonly menu_open: boolean;
  readonly onMenu: () => void;
  readonly onPalette: () => void;
}

export function Header({ menu_open, onMenu, onPalette }: Props) {
  return (
    <Group h="100%" px={{ base: 'xs', sm: 'md' }} justify="space-between" wrap="nowrap">
      <Group gap="xs" wrap="nowrap">
        <Burger
          opened={menu_open}
          onClick={onMenu}
          hiddenFrom="sm"
          size="sm"
          aria-label="Open the list of pages"
        />
        <Link to="/" style={{ color: 'inherit', textDecoration: 'none' }}>
          <Group gap={8} wrap="nowrap">
            <img src="/favicon.svg" width={22} height={22} alt="" />
            <Text fw={700} size="lg" component="span">
              Plumbline
            </Text>
          </Group>
        </Link>
      </Group>
      <Group gap="xs" wrap="nowrap">
        <Button
          variant="default"
          onClick={onPalette}
          leftSection={<IconSearch size={14} aria-hidden />}
          rightSection={<Kbd size="xs">Ctrl K</Kbd>}
          visibleFrom="sm"
        >
          Go to…
        </Button>
        <ActionIcon variant="default" hiddenFrom="sm" onClick={onPalette} aria-label="Go to a page">
          <IconSearch size={16} aria-hidden />
        </ActionIcon>
        <SchemeToggle />
        <PersonMenu />
      </Group>
    </Group>
  );
}

function PersonMenu() {
  const session = useSession();
  const sign_out = useSignOut();
  const actor = session.data?.actor;
  return (
    <Menu position="bottom-end" shadow="md" width={200}>
      <Menu.Target>
        <ActionIcon variant="default" aria-label={`Account of ${actor?.name ?? 'you'}`}>
          <IconUser size={16} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {actor?.name} · {actor?.roles.join(', ')}
        </Menu.Label>
        <Menu.Item component={Link} to="/settings" leftSection={<IconUser size={14} aria-hidden />}>
          Settings
        </Menu.Item>
        <Menu.Item onClick={() => sign_out.mutate()} leftSection={<IconLogout size={14} aria-hidden />}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
