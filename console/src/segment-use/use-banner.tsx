import { Alert, Button, Group, List, Stack, Text, TextInput } from '@mantine/core';
import { IconLock } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type SegmentUseDetail, useApproveUse, useSegmentUse } from '../api/segment-use.ts';
import { ErrorState } from '../elements/error-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { findingWords } from './finding-words.ts';
import { StandingApproval } from './standing-approval.tsx';

/** Whether the segment is given out for use; when it is held, why, and who may change that. Silent while all is well. */
export function UseBanner({ segment }: { readonly segment: string }) {
  const use = useSegmentUse(segment).data;
  if (use === undefined) return null;
  if (use.state === 'held') return <Held use={use} />;
  if (use.state === 'pending')
    return (
      <Text size="sm" c="dimmed" role="status">
        {use.reasons.join(' ')}
      </Text>
    );
  return (
    <>
      <StandingApproval use={use} />
      {use.unchecked.length > 0 && (
        <Text size="sm" c="dimmed">
          Not checked for what it gives away: {use.unchecked.map(({ trait }) => trait).join(', ')}. Too few
          people inside or outside of it have a value.
        </Text>
      )}
    </>
  );
}

function Held({ use }: { readonly use: SegmentUseDetail }) {
  const open = use.findings.filter(({ covered }) => !covered);
  return (
    <Alert
      color="red.9"
      variant="outline"
      icon={<IconLock size={18} aria-hidden />}
      role="region"
      aria-label="Held: needs approval before use"
    >
      <Stack gap="xs">
        <Text size="sm" fw={600}>
          Held: needs approval before use
        </Text>
        <List size="sm" spacing={4}>
          {open.map((finding) => (
            <List.Item key={`${finding.kind} ${finding.field}`}>{findingWords(finding)}</List.Item>
          ))}
        </List>
        <Text size="sm">
          Until somebody approves its use it is given out to no decision, no export and no event. It is kept
          up to date, and those who look after it can see its people.
          {use.judged_at !== null && (
            <>
              {' '}
              Judged <RelativeTime at={use.judged_at} />.
            </>
          )}
        </Text>
        {use.may_approve ? (
          <ApproveForm use={use} />
        ) : (
          <Text size="sm">
            {use.why_not} {use.who_can_approve}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}

function ApproveForm({ use }: { readonly use: SegmentUseDetail }) {
  const approve = useApproveUse(use.segment);
  const [reason, setReason] = useState('');
  const onSubmit = (event: FormEvent) => {
    event.preventDefault();
    approve.mutate({ reason: reason.trim(), judged_at: use.judged_at ?? '' });
  };
  return (
    <form onSubmit={onSubmit}>
      <Group gap="xs" align="flex-end">
        <TextInput
          label="Why it may be used all the same"
          description="Goes into the audit log. Covers what was found, this rule and this purpose."
          maxLength={1_000}
          style={{ flex: '1 1 260px' }}
          value={reason}
          onChange={(event) => setReason(event.currentTarget.value)}
        />
        <Button type="submit" loading={approve.isPending} disabled={reason.trim() === ''}>
          Approve use
        </Button>
      </Group>
      {approve.isError && <ErrorState error={approve.error} />}
    </form>
  );
}
