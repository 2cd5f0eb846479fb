import { Stack, Text } from '@mantine/core';
import { Link, useRouterState } from '@tanstack/react-router';
import { SECTIONS } from '../pages.ts';

export function Navigation() {
  const path = useRouterState({ select: (state) => state.location.pathname });
  return (
    <Stack gap="md">
      {SECTIONS.map((section) => (
        <div key={section.title}>
          <Text size="xs" c="dimmed" px={10} mb={4}>
            {section.title}
          </Text>
          <Stack gap={2}>
            {section.pages.map(({ path: to, title, icon: Icon }) => (
              <Link
                key={to}
                to={to}
                search={{}}
                className="pl-nav-link"
                {...(path === to ? { 'aria-current': 'page' as const } : {})}
              >
                <Icon size={16} stroke={1.6} />
                {title}
              </Link>
            ))}
          </Stack>
        </div>
      ))}
    </Stack>
  );
}
