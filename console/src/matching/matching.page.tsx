import { IconUsersGroup } from '@tabler/icons-react';
import { AddressTabs } from '../elements/address-tabs.tsx';
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
  { value: 'review', label: 'Review', panel: <ReviewQueue /> },
  { value: 'runs', label: 'Runs', panel: <MatchRuns /> },
  { value: 'lists', label: 'Lists', panel: <MatchLists /> },
  { value: 'rules', label: 'Rules', panel: <MatchRules /> },
];

function MatchingPage() {
  return (
    <>
      <PageHead
        title="Matching"
        about="Records that share no identifier and may still be one person: found by likeness, decided by you."
      />
      <AddressTabs tabs={TABS} />
    </>
  );
}
