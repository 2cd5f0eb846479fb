import { IconBuilding } from '@tabler/icons-react';
import { useState } from 'react';
import { useAddressState } from '../elements/address-state.ts';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { GroupList } from './group-list.tsx';
import { GroupView } from './group-view.tsx';

export const page: Page = {
  path: '/groups',
  title: 'Groups',
  icon: IconBuilding,
  order: 52,
  section: 'People',
  component: GroupsPage,
};

/** `open` is the group on view, `type:id`. */
function GroupsPage() {
  const [address] = useAddressState();
  const [asked, setAsked] = useState({ q: '', page: 0 });
  const key = address['open'] ?? '';
  if (key !== '') return <GroupView key={key} group={key} />;
  return (
    <>
      <PageHead title="Groups" about="Companies, households and other accounts that people belong to." />
      <GroupList asked={asked} onAsk={setAsked} />
    </>
  );
}
