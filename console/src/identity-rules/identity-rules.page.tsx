import '../people/people.css';
import { Tabs } from '@mantine/core';
import { IconFingerprint } from '@tabler/icons-react';
import { useAddressState } from '../elements/address-state.ts';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { AllChanges } from './all-changes.tsx';
import { BlockedValues } from './blocked-values.tsx';
import { RulesBench } from './rules-bench.tsx';

export const page: Page = {
  path: '/identity-rules',
  title: 'Identity rules',
  icon: IconFingerprint,
  order: 56,
  section: 'People',
  component: IdentityRulesPage,
};

const TABS = [
  { value: 'rules', label: 'Rules', panel: RulesBench },
  { value: 'blocked', label: 'Blocked values', panel: BlockedValues },
  { value: 'changes', label: 'Joined and parted', panel: AllChanges },
] as const;

function IdentityRulesPage() {
  const [address, setAddress] = useAddressState();
  return (
    <>
      <PageHead
        title="Identity rules"
        about="Which identifiers make a person, how many of each, and what never joins anybody."
      />
      <Tabs value={address['tab'] ?? 'rules'} onChange={(tab) => setAddress({ tab })} keepMounted={false}>
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
