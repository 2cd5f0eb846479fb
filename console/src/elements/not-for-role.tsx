import { EmptyNote } from './empty-note.tsx';

/** Instead of an error that trying again cannot mend. */
export function NotForRole() {
  return (
    <EmptyNote title="Your role does not see this">Ask an administrator when you need to see it.</EmptyNote>
  );
}
