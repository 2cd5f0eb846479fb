import { useSessionsOf } from '../api/profiles.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount, formatDuration } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';

export function PersonSessions({ person }: { readonly person: string }) {
  const sessions = useSessionsOf(person);
  return (
    <QueryState query={sessions}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="No sessions">
            Sessions come from page views and events of browsers and apps.
          </EmptyNote>
        ) : (
          <ScrollTable label="Sessions" min_width={760}>
            <thead>
              <tr>
                <th>Started</th>
                <th>Campaign</th>
                <th>First page</th>
                <th>Last page</th>
                <th data-number>Lasted</th>
                <th data-number>Pages</th>
                <th data-number>Events</th>
              </tr>
            </thead>
            <tbody>
              {list.map((session) => (
                <tr key={session.session_id}>
                  <td style={{ whiteSpace: 'nowrap' }}>
                    <RelativeTime at={session.started_at} />{' '}
                    {session.bot === 1 && <Tag tone="amber">bot</Tag>}
                    {session.runaway === 1 && <Tag tone="amber">runaway</Tag>}
                  </td>
                  <td>{session.campaign || session.referrer || 'direct'}</td>
                  <td className="pl-mono">{session.entry_path || '–'}</td>
                  <td className="pl-mono">{session.exit_path || '–'}</td>
                  <td data-number>{lengthOf(session.started_at, session.ended_at)}</td>
                  <td data-number>{formatCount(session.pages)}</td>
                  <td data-number>{formatCount(session.events)}</td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        )
      }
    </QueryState>
  );
}

function lengthOf(from: string, to: string): string {
  return formatDuration(Math.max(0, (Date.parse(to) - Date.parse(from)) / 1_000));
}
