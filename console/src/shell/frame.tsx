import { AppShell, Center, Drawer, Loader } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useSession } from '../api/session.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { SignIn } from '../sign-in/sign-in.tsx';
import { CommandPalette } from './command-palette.tsx';
import { Header } from './header.tsx';
import { Navigation } from './navigation.tsx';
import { OfflineBanner } from './offline-banner.tsx';
import { usePageShortcuts } from './page-shortcuts.ts';
import { PasswordBanner } from './password-banner.tsx';

/** Everything around a page; before sign-in, the way in. */
export function Frame() {
  const session = useSession();
  if (session.data === undefined) {
    return (
      <Center component="main" mih="100vh" p="md">
        {session.isError ? (
          <ErrorState error={session.error} onRetry={() => session.refetch()} />
        ) : (
          <Loader role="img" aria-label="Loading" />
        )}
      </Center>
    );
  }
  return session.data.actor === null ? <SignIn first_run={session.data.first_run} /> : <SignedIn />;
}

function SignedIn() {
  const [menu_open, menu] = useDisclosure(false);
  const [palette_open, palette] = useDisclosure(false);
  usePageShortcuts(palette.toggle);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const closeMenu = menu.close;
  // biome-ignore lint/correctness/useExhaustiveDependencies: the path is what closes the menu
  useEffect(() => closeMenu(), [path, closeMenu]);
  return (
    <AppShell
      header={{ height: 46 }}
      navbar={{ width: 196, breakpoint: 'sm', collapsed: { mobile: true } }}
      padding={{ base: 'sm', sm: 'md' }}
    >
      <a href="#page" className="pl-skip">
        Skip to the page
      </a>
      <AppShell.Header>
        <Header onMenu={menu.open} menu_open={menu_open} onPalette={palette.open} />
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label="Pages">
        <Navigation />
      </AppShell.Navbar>
      <Drawer opened={menu_open} onClose={menu.close} title="Pages" size={260} hiddenFrom="sm">
        <nav aria-label="Pages">
          <Navigation />
        </nav>
      </Drawer>
      <CommandPalette opened={palette_open} onClose={palette.close} />
      <AppShell.Main id="page" style={{ minWidth: 0 }}>
        <OfflineBanner />
        <PasswordBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}
