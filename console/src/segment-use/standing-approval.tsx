import { Button, Group, Text, TextInput } from '@mantine/core';
import { useState } from 'react';
import { type SegmentUseDetail, useWithdrawUse } from '../api/segment-use.ts';
import { useMayEdit } from '../api/session.ts';
import { Confirm } from '../elements/confirm.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { Tag } from '../elements/tag.tsx';

/** Who approved the use and why; it can be taken back. */
export function StandingApproval({ use }: { readonly use: SegmentUseDetail }) {
  const may_edit = useMayEdit();
  const withdraw = useWithdrawUse(use.segment);
  const [asking, setAsking] = useState(false);
  const [reason, setReason] = useState('');
  const approval = use.approvals.find(({ covers }) => covers);
  if (approval === undefined) return null;
  return (
    <Group className="pl-panel" p="sm" gap="xs" justify="space-between">
      <Text size="sm" component="div" style={{ flex: '1 1 260px' }}>
        <Tag tone="green">Use approved</Tag> by {approval.approver_name},{' '}
        <RelativeTime at={approval.approved_at} />: {approval.reason} ({approval.fields.join(', ')})
      </Text>
      <Button variant="default" disabled={!may_edit} onClick={() => setAsking(true)}>
        Withdraw approval
      </Button>
      <Confirm
        opened={asking}
        title="Withdraw the approval?"
        verb="Withdraw approval"
        danger
        busy={withdraw.isPending}
        error={withdraw.error}
        onClose={() => setAsking(false)}
        onConfirm={() =>
          withdraw.mutate(
            { reason: reason.trim() === '' ? 'No reason was given' : reason.trim() },
            { onSuccess: () => setAsking(false) },
          )
        }
      >
        The segment is held again, at once: no decision, no export and no event gets it.
        <TextInput
          mt="sm"
          label="Why"
          maxLength={1_000}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
      </Confirm>
    </Group>
  );
}
