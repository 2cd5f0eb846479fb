import { Button } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconPlugConnected, IconPlus } from '@tabler/icons-react';
import { useMayEdit } from '../api/session.ts';
import { type Source, useSources } from '../api/sources.ts';
import { useAddressState } from '../elements/address-state.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import type { Page } from '../page.ts';
import { CreateSource } from './create-source.tsx';
import { SourceDrawer } from './source-drawer.tsx';

export const page: Page = {
  path: '/sources',
  title: 'Sources',
  icon: IconPlugConnected,
  order: 20,
  section: 'Collect',
  shortcut: 's',
  component: SourcesPage,
};

function SourcesPage() {
  const sources = useSources();
  const may_edit = useMayEdit();
  const [address, setAddress] = useAddressState();
  const [creating, creation] = useDisclosure(false);
  const opened = sources.data?.find((source) => source.id === address['open']);
  const open = (id: string | null) => setAddress({ open: id });
  return (
    <>
      <PageHead
        title="Sources"
        about="Sites, apps and servers that send events. Each has write keys and its own rules."
        actions={
          <Button
            leftSection={<IconPlus size={14} aria-hidden />}
            onClick={creation.open}
            disabled={!may_edit}
          >
            Create source
          </Button>
        }
      />
      <QueryState query={sources}>
        {(list) =>
          list.length === 0 ? (
            <EmptyNote title="No sources yet">
              Create one to get a write key and a snippet to paste.
            </EmptyNote>
          ) : (
            <SourceTable sources={list} onOpen={open} />
          )
        }
      </QueryState>
      <CreateSource opened={creating} onClose={creation.close} onCreated={open} />
      <SourceDrawer source={opened} onClose={() => open(null)} />
    </>
  );
}

function SourceTable({
  sources,
  onOpen,
}: {
  readonly sources: readonly Source[];
  readonly onOpen: (id: string) => void;
}) {
  return (
    <ScrollTable label="Sources" min_width={640}>
      <thead>
        <tr>
          <th>Name</th>
          <th>Type</th>
          <th>State</th>
          <th>Tracking plan</th>
          <th data-number>Live keys</th>
          <th data-number>Events, 24 h</th>
          <th>Last event</th>
        </tr>
      </thead>
      <tbody>
        {sources.map((source) => (
          <tr key={source.id} data-clickable onClick={() => onOpen(source.id)}>
            <td>
              <button type="button" className="pl-row-button" style={{ fontWeight: 600 }}>
                {source.name}
              </button>
            </td>
            <td>{source.type}</td>
            <td>{source.enabled ? <Tag tone="green">Enabled</Tag> : <Tag tone="grey">Disabled</Tag>}</td>
            <td>{source.settings.tracking_plan ?? 'none'}</td>
            <td data-number>{formatCount(source.keys.filter(isLive).length)}</td>
            <td data-number>{formatCount(source.events_24h)}</td>
            <td>
              <RelativeTime at={source.last_event_at} />
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function isLive(key: { readonly revoked_at: string | null; readonly expires_at: string | null }): boolean {
  return key.revoked_at === null && (key.expires_at === null || Date.parse(key.expires_at) > Date.now());
}
