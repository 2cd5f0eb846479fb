import { Button } from '@mantine/core';
import { useState } from 'react';
import { type Preview, type QuarantineGroup, type RepairRule, useReplay } from '../api/quarantine.ts';
import { useMayEdit } from '../api/session.ts';
import { afterwards } from '../elements/afterwards.ts';
import { Confirm } from '../elements/confirm.tsx';
import { formatCounted } from '../elements/number-format.ts';

interface Props {
  readonly group: QuarantineGroup;
  readonly rules: readonly RepairRule[];
  readonly preview: Preview | undefined;
  /** The preview shown belongs to these rules. */
  readonly ready: boolean;
  readonly onRun: (run_id: string) => void;
}

export function ReplayButton({ group, rules, preview, ready, onRun }: Props) {
  const may_edit = useMayEdit();
  const replay = useReplay();
  const [asking, setAsking] = useState(false);
  const start = () =>
    afterwards(replay.mutateAsync({ group_id: group.group_id, rules }), (answer) => {
      setAsking(false);
      onRun(answer.replay.id);
    });
  return (
    <>
      <Button
        disabled={!may_edit || !ready || preview === undefined || preview.would_pass === 0}
        onClick={() => setAsking(true)}
      >
        Replay {formatCounted(group.open, 'event')}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        onConfirm={start}
        busy={replay.isPending}
        error={replay.error}
        title={`Replay ${formatCounted(group.open, 'event')}?`}
        verb="Replay"
      >
        On the samples, {preview?.would_pass ?? 0} of {preview?.tried ?? 0} pass. Events that pass are stored
        with the time they first arrived; the others stay here. Running it again stores nothing twice.
      </Confirm>
    </>
  );
}
