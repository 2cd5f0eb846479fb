import { Tabs } from '@mantine/core';
import { IconUsersGroup } from '@tabler/icons-react';
import { useAddressState } from '../elements/address-state.ts';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { MatchLists } from './match-lists.tsx';
import { MatchRules } from './match-rules.tsx';
import { MatchRuns } from './match-runs.tsx';
import { ReviewQueue } from './review-queue.tsx';

export const page: Page = {
  path: '/matching',
  title: 'Matching',
  icon: IconUsersGroup,
  order: 58,
  section: 'People',
  shortcut: 'm',
  component: MatchingPage,
};

const TABS = [
  { value: 'review', label: 'Review', panel: ReviewQueue },
  { value: 'runs', label: 'Runs', panel: MatchRuns },
  { value: 'lists', label: 'Lists', panel: MatchLists },
  { value: 'rules', label: 'Rules', panel: MatchRules },
] as const;

function MatchingPage() {
  const [address, setAddress] = useAddressState();
  return (
    <>
      <PageHead
        title="Matching"
        about="Records that share no identifier and may still be one person: found by likeness, decided by you."
      />
      <Tabs value={address['tab'] ?? 'review'} onChange={(tab) => setAddress({ tab })} keepMounted={false}>
        <Tabs.List mb="sm" style={{ flexWrap: 'nowrap', overflowX: 'auto' }}>
          {TABS.map(({ value, label }) => (
            <Tabs.Tab key={value} value={value}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {TABS.map(({ value, panel: Panel }) => (
          <Tabs.Panel key={value} value={value}>
            <Panel />
          </Tabs.Panel>
        ))}
      </Tabs>
    </>
  );
}
