import { Button } from '@mantine/core';
import { IconDownload } from '@tabler/icons-react';
import { useExportMembers } from '../api/segments.ts';
import { useMayEdit } from '../api/session.ts';
import { download } from '../elements/download.ts';
import { ErrorState } from '../elements/error-state.tsx';

interface Props {
  readonly segment: string;
  /** Not while it is held, or not judged yet. */
  readonly is_given: boolean;
}

/** The people of a segment as a file. */
export function ExportButton({ segment, is_given }: Props) {
  const may_edit = useMayEdit();
  const exported = useExportMembers();
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDownload size={14} aria-hidden />}
        disabled={!may_edit || !is_given}
        title={
          !is_given
            ? 'Not given out: the note on this page says why'
            : may_edit
              ? 'Person, since, identifiers; the export is noted in the audit log'
              : 'Editors may export people'
        }
        loading={exported.isPending}
        onClick={() =>
          exported.mutate(segment, {
            onSuccess: (csv) => download(`${segment}.csv`.replaceAll('/', '-'), 'text/csv', csv),
          })
        }
      >
        Export CSV
      </Button>
      {exported.isError && <ErrorState error={exported.error} />}
    </>
  );
}
