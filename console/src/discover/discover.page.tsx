import { Button, Drawer, Stack } from '@mantine/core';
import { IconChartDots3 } from '@tabler/icons-react';
import { useState } from 'react';
import { useSegmentations } from '../api/segmentations.ts';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { BackButton } from '../elements/back-button.tsx';
import { Drafts } from '../elements/drafts.tsx';
import { EmptyNote } from '../elements/empty-note.tsx';
import { PageHead } from '../elements/page-head.tsx';
import { QueryState } from '../elements/query-state.tsx';
import type { Page } from '../page.ts';
import { AdviceForm } from './advice-form.tsx';
import { SegmentationForm } from './segmentation-form.tsx';
import { SegmentationList } from './segmentation-list.tsx';
import { SegmentationView } from './segmentation-view.tsx';

export const page: Page = {
  path: '/discovered-segments',
  title: 'Discovered segments',
  icon: IconChartDots3,
  order: 66,
  section: 'Audiences',
  shortcut: 'd',
  component: DiscoverPage,
};

/** `open` is a segmentation, `new` the form of a new one, `draft` that of one which was never released. */
function DiscoverPage() {
  const [address, setAddress] = useAddressState();
  const [asking, setAsking] = useState(false);
  const may_edit = useMayEdit();
  const open = address['open'] ?? '';
  const form = address['new'] !== undefined ? '' : address['draft'];
  return (
    <>
      <PageHead
        title="Discovered segments"
        about="Groups of people that behave alike, found in what they did instead of written as rules."
        actions={
          <>
            <Button variant="default" onClick={() => setAsking(true)}>
              Rules or discovery?
            </Button>
            <Button disabled={!may_edit} onClick={() => setAddress({ new: '1', draft: null, open: null })}>
              New segmentation
            </Button>
          </>
        }
      />
      {form !== undefined ? (
        <Stack gap="sm">
          <BackButton onClick={() => setAddress({ new: null, draft: null })}>Back to the list</BackButton>
          <SegmentationForm
            key={form}
            name={form}
            onReleased={(name) => setAddress({ new: null, draft: null, open: name })}
          />
        </Stack>
      ) : open === '' ? (
        <Stack gap="sm">
          <Drafts kind="segmentation" onOpen={(draft) => setAddress({ draft })} />
          <List onOpen={(name) => setAddress({ open: name })} />
        </Stack>
      ) : (
        <SegmentationView key={open} name={open} />
      )}
      <Drawer
        opened={asking}
        onClose={() => setAsking(false)}
        position="right"
        size="lg"
        title="Rules or discovery?"
      >
        <AdviceForm />
      </Drawer>
    </>
  );
}

function List({ onOpen }: { readonly onOpen: (name: string) => void }) {
  const segmentations = useSegmentations();
  return (
    <QueryState query={segmentations}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="No segmentation yet">
            “New segmentation” asks what people are to be compared by; “Rules or discovery?” helps to decide
            whether you need one.
          </EmptyNote>
        ) : (
          <SegmentationList segmentations={list} onOpen={onOpen} />
        )
      }
    </QueryState>
  );
}
