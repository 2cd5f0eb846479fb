import { Button } from '@mantine/core';
import { IconFileImport, IconUpload } from '@tabler/icons-react';
import { useMayEdit } from '../api/session.ts';
import { useAddressState } from '../elements/address-state.ts';
import { PageHead } from '../elements/page-head.tsx';
import type { Page } from '../page.ts';
import { ImportDrawer } from './import-drawer.tsx';
import { ImportHistory } from './import-history.tsx';
import { NewImport } from './new-import.tsx';

export const page: Page = {
  path: '/import',
  title: 'Import',
  icon: IconFileImport,
  order: 53,
  section: 'People',
  shortcut: 'i',
  component: ImportPage,
};

/** `new` shows the steps of a new import, `open` one import of the list. */
function ImportPage() {
  const [address, setAddress] = useAddressState();
  const may_edit = useMayEdit();
  const making = address['new'] !== undefined;
  return (
    <>
      <PageHead
        title="Import"
        about="Bring people, shop and call-centre transactions, or tables of matching ids from a file."
        actions={
          !making && (
            <Button
              leftSection={<IconUpload size={14} aria-hidden />}
              disabled={!may_edit}
              onClick={() => setAddress({ new: 'file', open: null })}
            >
              Import a file
            </Button>
          )
        }
      />
      {making ? (
        <NewImport
          onStarted={(id) => setAddress({ new: null, open: id })}
          onCancel={() => setAddress({ new: null })}
        />
      ) : (
        <ImportHistory onOpen={(id) => setAddress({ open: id })} onNew={() => setAddress({ new: 'file' })} />
      )}
      <ImportDrawer id={making ? '' : (address['open'] ?? '')} onClose={() => setAddress({ open: null })} />
    </>
  );
}
