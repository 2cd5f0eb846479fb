import { notifications } from '@mantine/notifications';
import { useApply } from '../api/definitions.ts';
import { afterwards } from '../elements/afterwards.ts';
import { Confirm } from '../elements/confirm.tsx';

/** Takes a computed trait out of production. */
export function RemoveTrait({ name, onClose }: { readonly name: string; readonly onClose: () => void }) {
  const apply = useApply();
  const run = () =>
    afterwards(
      apply.mutateAsync({
        definitions: [{ kind: 'computed-trait', name, body: null }],
        message: `Remove the computed trait ${name}`,
      }),
      (answer) => {
        notifications.show({ message: `Release ${answer.release.id}: ${name} is gone.` });
        onClose();
      },
    );
  return (
    <Confirm
      opened={name !== ''}
      onClose={onClose}
      onConfirm={run}
      busy={apply.isPending}
      error={apply.error}
      danger
      title={`Remove ${name}?`}
      verb="Remove"
    >
      People lose the trait at once, and segments that use it are refused until they are changed. Going back
      to the release before brings it back.
    </Confirm>
  );
}
