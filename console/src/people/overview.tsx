import { Anchor, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import type { MemberOf, Profile } from '../api/profiles.ts';
import { useKnownSegments } from '../api/segment-rules.ts';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Tag } from '../elements/tag.tsx';
import { valueText } from '../elements/value-text.ts';
import { ComputedTable, TraitTable } from './trait-tables.tsx';

export function Overview({ profile }: { readonly profile: Profile }) {
  return (
    <div className="pl-person">
      <Stack gap="lg" style={{ minWidth: 0 }}>
        <TraitTable traits={profile.traits} />
        <ComputedTable computed={profile.computed} />
      </Stack>
      <Stack gap="md" style={{ minWidth: 0 }}>
        <Segments names={profile.segments} />
        <Consent consent={profile.consent} />
        <Groups groups={profile.groups} />
      </Stack>
    </div>
  );
}

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <Stack className="pl-panel" p="sm" gap="xs">
      <Title order={2}>{title}</Title>
      {children}
    </Stack>
  );
}

function Segments({ names }: { readonly names: readonly string[] }) {
  const titles = new Map(useKnownSegments().map(({ name, label }) => [name, label]));
  return (
    <Panel title="Segments">
      {names.length === 0 ? (
        <Text size="sm" c="dimmed">
          In none at the moment.
        </Text>
      ) : (
        <Group gap={6}>
          {names.map((name) => (
            <Link
              key={name}
              to="/segments"
              search={{ open: name } as never}
              className="pl-filter pl-chip"
              title={name}
            >
              {titles.get(name) ?? name}
            </Link>
          ))}
        </Group>
      )}
    </Panel>
  );
}

function Consent({ consent }: { readonly consent: Profile['consent'] }) {
  return (
    <Panel title="Consent">
      {consent.map(({ purpose, granted, since }) => (
        <Group key={purpose} justify="space-between" gap="xs">
          <Text size="sm">{purpose}</Text>
          <Group gap="xs">
            <Tag tone={granted ? 'green' : 'red'}>{granted ? 'Yes' : 'No'}</Tag>
            <Text size="xs" c="dimmed" component="span">
              <RelativeTime at={since} />
            </Text>
          </Group>
        </Group>
      ))}
      <Text size="xs" c="dimmed">
        {consent.length === 0
          ? 'Nothing is known, which is not a yes.'
          : 'Other purposes are unknown, which is not a yes.'}
      </Text>
    </Panel>
  );
}

function Groups({ groups }: { readonly groups: readonly MemberOf[] }) {
  return (
    <Panel title="Groups and accounts">
      {groups.length === 0 && (
        <Text size="sm" c="dimmed">
          In none.
        </Text>
      )}
      {groups.map((group) => (
        <Stack key={`${group.type}:${group.id}`} gap={2}>
          <Group justify="space-between" gap="xs">
            <Anchor
              component={Link}
              to="/groups"
              search={{ open: `${group.type}:${group.id}` } as never}
              size="sm"
            >
              {typeof group.traits['name'] === 'string' ? group.traits['name'] : group.id}
            </Anchor>
            <Text size="xs" c="dimmed" component="span">
              {group.type}, since <RelativeTime at={group.since} />
            </Text>
          </Group>
          {Object.entries(group.traits).length > 0 && (
            <Text size="xs" c="dimmed">
              {Object.entries(group.traits)
                .slice(0, 4)
                .map(([name, value]) => `${name}: ${valueText(value)}`)
                .join(' · ')}
            </Text>
          )}
        </Stack>
      ))}
    </Panel>
  );
}
