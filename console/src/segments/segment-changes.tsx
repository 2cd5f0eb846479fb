import { Link } from '@tanstack/react-router';
import { useSegmentChanges } from '../api/segments.ts';
import { useMayEdit } from '../api/session.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';

const CAUSES: Readonly<Record<string, string>> = {
  event: 'an event',
  time: 'time passed',
  refresh: 'a refresh',
  merge: 'identities joined or parted',
  release: 'the definition changed',
  first: 'worked out for the first time',
};

export function SegmentChanges({ segment }: { readonly segment: string }) {
  const may_see = useMayEdit();
  return may_see ? (
    <Changes segment={segment} />
  ) : (
    <EmptyNote title="People are for editors">Your role sees sizes and how they change.</EmptyNote>
  );
}

function Changes({ segment }: { readonly segment: string }) {
  const changes = useSegmentChanges(segment);
  return (
    <QueryState query={changes}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="No changes yet">
            Everybody who enters or exits is listed here, once each.
          </EmptyNote>
        ) : (
          <ScrollTable label="Who entered and exited" min_width={560}>
            <thead>
              <tr>
                <th>When</th>
                <th>What</th>
                <th>Person</th>
                <th>Because of</th>
              </tr>
            </thead>
            <tbody>
              {list.map((change) => (
                <tr key={change.change_id}>
                  <td style={{ whiteSpace: 'nowrap' }}>
                    <RelativeTime at={change.at} />
                  </td>
                  <td>
                    <Tag tone={change.what === 'entered' ? 'green' : 'amber'}>{change.what}</Tag>
                  </td>
                  <td>
                    <Link
                      to="/people"
                      search={{ open: change.person } as never}
                      className="pl-row-link pl-mono"
                    >
                      {change.person}
                    </Link>
                  </td>
                  <td>{CAUSES[change.cause] ?? change.cause}</td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        )
      }
    </QueryState>
  );
}
