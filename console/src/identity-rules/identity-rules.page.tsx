import '../people/people.css';
import { IconFingerprint } from '@tabler/icons-react';
import { AddressTabs } from '../elements/address-tabs.tsx';
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
  { value: 'rules', label: 'Rules', panel: <RulesBench /> },
  { value: 'blocked', label: 'Blocked values', panel: <BlockedValues /> },
  { value: 'changes', label: 'Joined and parted', panel: <AllChanges /> },
];

function IdentityRulesPage() {
  return (
    <>
      <PageHead
        title="Identity rules"
        about="Which identifiers make a person, how many of each, and what never joins anybody."
      />
      <AddressTabs tabs={TABS} />
    </>
  );
}
