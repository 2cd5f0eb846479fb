import { useDefinition } from '../api/definitions.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { draftOf } from './set-draft.ts';
import { SetForm } from './set-form.tsx';

interface Props {
  readonly name: string;
  readonly onReleased: () => void;
}

/** The newest definition of a set in its form. */
export function SetDefinition({ name, onReleased }: Props) {
  const definition = useDefinition('segment-precedence', name);
  return (
    <QueryState query={definition}>
      {(found) =>
        found === null ? (
          <EmptyNote title="The definition is gone">It may have been removed by a newer release.</EmptyNote>
        ) : (
          <SetForm name={name} initial={draftOf(found.body)} onReleased={onReleased} />
        )
      }
    </QueryState>
  );
}
