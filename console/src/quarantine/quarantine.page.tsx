import { Stack } from '@mantine/core';
import { IconShieldExclamation } from '@tabler/icons-react';
import { useAddressState } from '../elements/address-state.ts';
import { AddressTabs } from '../elements/address-tabs.tsx';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { GroupDetail } from './group-detail.tsx';
import { GroupList } from './group-list.tsx';
import { RunHistory } from './run-history.tsx';
import { RunProgress } from './run-progress.tsx';

export const page: Page = {
  path: '/quarantine',
  title: 'Quarantine',
  icon: IconShieldExclamation,
  order: 40,
  section: 'Collect',
  shortcut: 'q',
  component: QuarantinePage,
};

/** `group` opens a group, `run` follows a replay; both live in the address. */
function QuarantinePage() {
  const [address, setAddress] = useAddressState();
  const group_id = address['group'] ?? '';
  const run_id = address['run'] ?? '';
  return (
    <>
      <PageHead
        title="Quarantine"
        about="Events that could not be used as they came, set aside with their full content. Repair and replay them."
      />
      <Stack gap="sm">
        {run_id !== '' && <RunProgress key={run_id} id={run_id} onClose={() => setAddress({ run: null })} />}
        {group_id === '' ? (
          <AddressTabs
            tabs={[
              {
                value: 'open',
                label: 'Open',
                panel: (
                  <GroupList
                    wanted={address}
                    onOpen={(group) => setAddress({ group })}
                    onShowAll={() => setAddress(UNFILTERED)}
                  />
                ),
              },
              { value: 'history', label: 'Replay history', panel: <RunHistory /> },
            ]}
          />
        ) : (
          <GroupDetail
            key={group_id}
            group_id={group_id}
            onBack={() => setAddress({ group: null, run: null })}
            onRun={(run) => setAddress({ run })}
          />
        )}
      </Stack>
    </>
  );
}

const UNFILTERED = { source: null, reason: null, event: null, path: null };
