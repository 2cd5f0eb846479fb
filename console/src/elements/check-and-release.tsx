import { Button, Group, Stack, Text } from '@mantine/core';
import { type Definition, usePlanChange } from '../api/definitions.ts';
import { useMayEdit } from '../api/session.ts';
import { PlanDiff } from '../tracking-plan/plan-diff.tsx';
import { ErrorState } from './error-state.tsx';
import { ReleaseForm } from './release-form.tsx';

interface Props {
  /** As the form above has it now. */
  readonly definition: Definition;
  readonly onReleased: () => void;
}

/** The end of a form: what would change, what is wrong with it, and the release. */
export function CheckAndRelease({ definition, onReleased }: Props) {
  const may_edit = useMayEdit();
  const plan = usePlanChange();
  const checked = plan.variables?.[0];
  const current = checked !== undefined && JSON.stringify(checked) === JSON.stringify(definition);
  return (
    <Stack gap="sm">
      <Group gap="xs">
        <Button
          loading={plan.isPending}
          disabled={definition.name === ''}
          onClick={() => plan.mutate([definition])}
        >
          Check and compare
        </Button>
        <Text size="sm" c="dimmed">
          Nothing changes before you release.
        </Text>
      </Group>
      {current && plan.isError && <ErrorState error={plan.error} />}
      {current && plan.data !== undefined && (
        <PlanDiff plan={plan.data}>
          <ReleaseForm definitions={[definition]} disabled={!may_edit} onReleased={onReleased} />
        </PlanDiff>
      )}
    </Stack>
  );
}
