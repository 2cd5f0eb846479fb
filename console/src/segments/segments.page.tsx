import '../people/people.css';
import './segments.css';
import { Button } from '@mantine/core';
import { IconPlus, IconTarget } from '@tabler/icons-react';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { DiscoveredView } from './discovered-view.tsx';
import { SegmentEditor } from './segment-editor.tsx';
import { SegmentList } from './segment-list.tsx';
import { SegmentView } from './segment-view.tsx';

export const page: Page = {
  path: '/segments',
  title: 'Segments',
  icon: IconTarget,
  order: 60,
  section: 'Audiences',
  shortcut: 'a',
  component: SegmentsPage,
};

/** `open` shows a segment, `edit` its rule on the bench; `edit=new` an empty one, or a copy of the segment `from`. */
function SegmentsPage() {
  const [address, setAddress] = useAddressState();
  const may_edit = useMayEdit();
  const { open = '', edit = '', from = '' } = address;
  if (edit !== '') {
    const name = edit === 'new' ? '' : edit;
    return (
      <SegmentEditor
        key={`${edit} ${from}`}
        name={name}
        copy_of={edit === 'new' ? from : ''}
        onDone={(saved) => setAddress({ edit: null, from: null, open: saved })}
        onCancel={() => setAddress({ edit: null, from: null })}
      />
    );
  }
  if (open.includes('/')) return <DiscoveredView key={open} name={open} />;
  if (open !== '') return <SegmentView key={open} name={open} />;
  const onNew = () => setAddress({ edit: 'new' });
  return (
    <>
      <PageHead
        title="Segments"
        about="Audiences: by rules of who did what and who is what, and those that were discovered."
        actions={
          <Button leftSection={<IconPlus size={14} aria-hidden />} disabled={!may_edit} onClick={onNew}>
            New segment
          </Button>
        }
      />
      <SegmentList onNew={onNew} onEdit={(name) => setAddress({ edit: name })} />
    </>
  );
}
