import { Button, Group, Stack, Text, TextInput } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import { useState } from 'react';
import { type Definition, useApply, usePlanChange } from '../api/definitions.ts';
import { useDefinitions, useReview, useSaveDraft } from '../api/drafts.ts';
import { useMayEdit, useSession } from '../api/session.ts';
import { ErrorState } from './error-state.tsx';
import { PlanDiff } from './plan-diff.tsx';
import { RelativeTime } from './relative-time.tsx';
import { Tag } from './tag.tsx';

interface Props {
  /** What would be released. */
  readonly definition: Definition;
  /** Why it cannot be released yet, in words; empty when it can. */
  readonly hint?: string;
  readonly onReleased: () => void;
}

/** Save as a draft, or look at the difference and release; a review by somebody else on the way when it is asked for. */
export function ReleasePanel({ definition, hint = '', onReleased }: Props) {
  const may_edit = useMayEdit();
  const plan = usePlanChange();
  const draft = useSaveDraft();
  const compared = plan.variables?.[0];
  // A difference that was looked at is of what was on the bench then.
  const current = compared !== undefined && JSON.stringify(compared) === JSON.stringify(definition);
  const ready = hint === '' && definition.name !== '';
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button onClick={() => plan.mutate([definition])} loading={plan.isPending} disabled={!ready}>
          Check and compare
        </Button>
        <Button
          variant="default"
          loading={draft.isPending}
          disabled={!ready || !may_edit}
          onClick={() =>
            draft.mutate(definition, {
              onSuccess: (saved) =>
                notifications.show({
                  message: `Saved as a draft, version ${saved.version}. Nothing changes yet.`,
                }),
            })
          }
        >
          Save draft
        </Button>
        <Text size="sm" c="dimmed">
          {hint === '' ? 'Nothing changes before you release.' : hint}
        </Text>
      </Group>
      {plan.isError && current && <ErrorState error={plan.error} />}
      {draft.isError && <ErrorState error={draft.error} />}
      <ReviewState kind={definition.kind} name={definition.name} />
      {plan.data !== undefined && current && (
        <PlanDiff plan={plan.data}>
          <ReleaseForm
            definition={definition}
            disabled={!may_edit}
            onReleased={() => {
              plan.reset();
              onReleased();
            }}
          />
        </PlanDiff>
      )}
    </Stack>
  );
}

interface FormProps {
  readonly definition: Definition;
  readonly disabled: boolean;
  readonly onReleased: () => void;
}

/** Releases what was checked, with a sentence for those who look at the history. */
function ReleaseForm({ definition, disabled, onReleased }: FormProps) {
  const apply = useApply();
  const [message, setMessage] = useState('');
  // A promise, because a release may take this form off the screen before its answer is dealt with.
  const release = () =>
    apply.mutateAsync({ definitions: [definition], message: message.trim() }).then(
      (answer) => {
        notifications.show({ message: `Release ${answer.release.id} is live.` });
        onReleased();
      },
      () => undefined,
    );
  return (
    <Stack gap="xs">
      <Group gap="xs" align="flex-end">
        <TextInput
          label="What changes, in a sentence"
          style={{ flex: '1 1 220px' }}
          value={message}
          onChange={(event) => setMessage(event.currentTarget.value)}
        />
        <Button
          onClick={() => void release()}
          loading={apply.isPending}
          disabled={disabled || message.trim() === ''}
        >
          Release
        </Button>
      </Group>
      {apply.isError && <ErrorState error={apply.error} />}
    </Stack>
  );
}

/** Where the newest draft stands, and what may be done about it: ask for a review, or decide one of somebody else. */
export function ReviewState({ kind, name }: { readonly kind: string; readonly name: string }) {
  // The list, because asking for one that does not exist yet would be an error.
  const detail = useDefinitions(kind).data?.find((each) => each.name === name);
  const review = useReview();
  const may_edit = useMayEdit();
  const me = useSession().data?.actor;
  if (detail === undefined || detail.status === 'released' || detail.status === 'retired') return null;
  const { state } = detail.review;
  const decide = (decision: 'request' | 'approve' | 'reject') =>
    review.mutate({ kind, name, version: detail.version, decision });
  const own = me?.name === detail.author;
  return (
    <Stack className="pl-panel" p="sm" gap="xs">
      <Group gap="xs" justify="space-between">
        <Group gap="xs">
          <Tag tone={state === 'approved' ? 'green' : state === 'rejected' ? 'red' : 'amber'}>
            {WORDS[state]}
          </Tag>
          <Text size="sm" component="div">
            Version {detail.version} by {detail.author}, <RelativeTime at={detail.created_at} />
            {detail.review.by !== null && state !== 'requested' && `, ${state} by ${detail.review.by}`}
          </Text>
        </Group>
        <Group gap="xs">
          {(state === 'none' || state === 'rejected') && (
            <Button
              variant="default"
              disabled={!may_edit}
              loading={review.isPending}
              onClick={() => decide('request')}
            >
              Ask for approval
            </Button>
          )}
          {state === 'requested' && !own && (
            <>
              <Button disabled={!may_edit} loading={review.isPending} onClick={() => decide('approve')}>
                Approve
              </Button>
              <Button variant="default" disabled={!may_edit} onClick={() => decide('reject')}>
                Reject
              </Button>
            </>
          )}
          {state === 'requested' && own && (
            <Text size="sm" c="dimmed">
              Somebody else has to approve it.
            </Text>
          )}
        </Group>
      </Group>
      {review.isError && <ErrorState error={review.error} />}
    </Stack>
  );
}

const WORDS = {
  none: 'Draft',
  requested: 'Waits for approval',
  approved: 'Approved',
  rejected: 'Rejected',
} as const;
