import { Button } from '@mantine/core';
import { useState } from 'react';
import { type QuarantineGroup, useDiscard } from '../api/quarantine.ts';
import { useMayEdit } from '../api/session.ts';
import { afterwards } from '../elements/afterwards.ts';
import { Confirm } from '../elements/confirm.tsx';
import { formatCounted } from '../elements/number-format.ts';

export function DiscardButton({
  group,
  onRun,
}: {
  readonly group: QuarantineGroup;
  readonly onRun: (run_id: string) => void;
}) {
  const may_edit = useMayEdit();
  const discard = useDiscard();
  const [asking, setAsking] = useState(false);
  const start = () =>
    afterwards(discard.mutateAsync(group.group_id), (answer) => {
      setAsking(false);
      onRun(answer.replay.id);
    });
  return (
    <>
      <Button variant="default" disabled={!may_edit} onClick={() => setAsking(true)}>
        Discard…
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        onConfirm={start}
        busy={discard.isPending}
        error={discard.error}
        danger
        title={`Give up ${formatCounted(group.open, 'event')}?`}
        verb="Discard"
      >
        They will never be stored and count as filtered from now on. This cannot be undone.
      </Confirm>
    </>
  );
}
