import '../people/people.css';
import { Button, Tabs } from '@mantine/core';
import { IconPlus, IconTags } from '@tabler/icons-react';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
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
  const { edit = '', tab = 'computed' } = address;
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
      <Tabs value={tab} onChange={(next) => setAddress({ tab: next })} keepMounted={false}>
        <Tabs.List mb="sm">
          <Tabs.Tab value="computed">Computed</Tabs.Tab>
          <Tabs.Tab value="all">All traits</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="computed">
          <ComputedList onEdit={(name) => setAddress({ edit: name })} />
        </Tabs.Panel>
        <Tabs.Panel value="all">
          <TraitList />
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
