import '../people/people.css';
import { Button } from '@mantine/core';
import { IconPlus, IconTags } from '@tabler/icons-react';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { AddressTabs } from '../elements/address-tabs.tsx';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { ComputedList } from './computed-list.tsx';
import { TraitEditor } from './trait-editor.tsx';
import { TraitList } from './trait-list.tsx';

export const page: Page = {
  path: '/traits',
  title: 'Traits',
  icon: IconTags,
  order: 54,
  section: 'People',
  component: TraitsPage,
};

/** `edit` puts a computed trait on the bench; `edit=new` an empty one. */
function TraitsPage() {
  const [address, setAddress] = useAddressState();
  const may_edit = useMayEdit();
  const { edit = '' } = address;
  if (edit !== '') {
    return (
      <TraitEditor
        key={edit}
        name={edit === 'new' ? '' : edit}
        onDone={() => setAddress({ edit: null, tab: 'computed' })}
      />
    );
  }
  return (
    <>
      <PageHead
        title="Traits"
        about="What is known of people: said by sources, kept from events, or computed."
        actions={
          <Button
            leftSection={<IconPlus size={14} aria-hidden />}
            disabled={!may_edit}
            onClick={() => setAddress({ edit: 'new' })}
          >
            New computed trait
          </Button>
        }
      />
      <AddressTabs
        tabs={[
          {
            value: 'computed',
            label: 'Computed',
            panel: <ComputedList onEdit={(name) => setAddress({ edit: name })} />,
          },
          { value: 'all', label: 'All traits', panel: <TraitList /> },
        ]}
      />
    </>
  );
}
