import { Button, SimpleGrid, Stack } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { IconDownload } from '@tabler/icons-react';
import { type Profile, useExportPerson, useProfile } from '../api/profiles.ts';
import { useMayEdit } from '../api/session.ts';
import { AddressTabs } from '../elements/address-tabs.tsx';
import { BackLink } from '../elements/back-link.tsx';
import { download } from '../elements/download.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { formatCount } from '../elements/number-format.ts';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Stat } from '../elements/stat.tsx';
import { IdentityTab } from './identity-tab.tsx';
import { Overview } from './overview.tsx';
import { nameOf } from './person-name.ts';
import { PersonSessions } from './person-sessions.tsx';
import { Timeline } from './timeline.tsx';

export function PersonView({ person }: { readonly person: string }) {
  const profile = useProfile(person);
  const name = profile.data === undefined ? 'Person' : nameOf(profile.data);
  return (
    <>
      <BackLink to="/people">All people</BackLink>
      <PageHead title={name} about={`Person ${person}`} actions={<Actions person={person} />} />
      <QueryState query={profile}>
        {(data) => (
          <Stack gap="sm">
            <Glance profile={data} />
            <AddressTabs
              tabs={[
                { value: 'overview', label: 'Overview', panel: <Overview profile={data} /> },
                { value: 'identity', label: 'Identity', panel: <IdentityTab profile={data} /> },
                { value: 'timeline', label: 'Timeline', panel: <Timeline profile={data} /> },
                { value: 'sessions', label: 'Sessions', panel: <PersonSessions person={person} /> },
              ]}
            />
          </Stack>
        )}
      </QueryState>
    </>
  );
}

function Actions({ person }: { readonly person: string }) {
  const may_edit = useMayEdit();
  const exported = useExportPerson();
  const run = () =>
    exported.mutate(person, {
      onSuccess: (answer) => {
        download(`person-${person}.json`, 'application/json', `${JSON.stringify(answer, null, 2)}\n`);
        if (answer.more_events)
          notifications.show({
            message: 'The file holds the newest 10,000 events; older ones are left out.',
          });
      },
    });
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        onClick={run}
        loading={exported.isPending}
        disabled={!may_edit}
        title={
          may_edit
            ? 'Everything that is kept, as JSON; the export is noted in the audit log'
            : 'Editors may export'
        }
      >
        Export
      </Button>
      {exported.isError && <ErrorState error={exported.error} />}
    </>
  );
}

function Glance({ profile }: { readonly profile: Profile }) {
  const { sessions } = profile;
  return (
    <SimpleGrid cols={{ base: 2, sm: 4 }} spacing="sm">
      <Stat label="First seen" value={<RelativeTime at={profile.first_seen} />} />
      <Stat label="Last seen" value={<RelativeTime at={profile.last_seen} />} />
      <Stat
        label="Sessions"
        value={`${formatCount(sessions.sessions)}${sessions.more ? '+' : ''}`}
        note={`${formatCount(sessions.pages)} pages`}
      />
      <Stat
        label="Identifiers"
        value={formatCount(profile.identifiers.length)}
        note={sessions.last_campaign === '' ? undefined : `Last campaign ${sessions.last_campaign}`}
      />
    </SimpleGrid>
  );
}
