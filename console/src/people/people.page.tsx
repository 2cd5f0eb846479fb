import './people.css';
import { IconUsers } from '@tabler/icons-react';
import { useState } from 'react';
import { useAddressState } from '../elements/address-state.ts';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { PeopleList } from './people-list.tsx';
import { PersonView } from './person-view.tsx';

export const page: Page = {
  path: '/people',
  title: 'People',
  icon: IconUsers,
  order: 51,
  section: 'People',
  shortcut: 'p',
  component: PeoplePage,
};

/**
 * `open` is the person on view, 16 hex digits. What was searched for stays out of the address: it is often an e-mail.
 */
function PeoplePage() {
  const [address] = useAddressState();
  const [asked, setAsked] = useState({ q: '', page: 0 });
  const person = address['open'] ?? '';
  if (person !== '') return <PersonView key={person} person={person} />;
  return (
    <>
      <PageHead
        title="People"
        about="Everybody who left a trace, one entry a person, whatever identifiers they used."
      />
      <PeopleList asked={asked} onAsk={setAsked} />
    </>
  );
}
