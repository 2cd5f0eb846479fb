import { type QuarantineRun, useQuarantineRuns } from '../api/quarantine.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag, type Tone } from '../elements/tag.tsx';
import { reasonWords } from './reason-words.ts';

const TONES: Record<QuarantineRun['status'], Tone> = {
  running: 'blue',
  finished: 'green',
  failed: 'red',
  interrupted: 'amber',
};

export function RunHistory() {
  const runs = useQuarantineRuns();
  return (
    <QueryState query={runs}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="Nothing was replayed yet">
            Replays and discards are listed here with their outcome.
          </EmptyNote>
        ) : (
          <ScrollTable label="Replays and discards" min_width={760}>
            <thead>
              <tr>
                <th>Started</th>
                <th>What</th>
                <th>Event</th>
                <th>Why it was set aside</th>
                <th>Source</th>
                <th data-number>Events</th>
                <th data-number>Done</th>
                <th data-number>Stayed</th>
                <th>State</th>
              </tr>
            </thead>
            <tbody>
              {list.map((run) => (
                <tr key={run.id}>
                  <td style={{ whiteSpace: 'nowrap' }}>
                    <RelativeTime at={run.started_at} />
                  </td>
                  <td>{run.kind === 'discard' ? 'Discard' : 'Replay'}</td>
                  <td>{run.event || '–'}</td>
                  <td>{run.reason === undefined ? '–' : reasonWords(run.reason)}</td>
                  <td>{run.source_name ?? '–'}</td>
                  <td data-number>{formatCount(run.total)}</td>
                  <td data-number>{formatCount(run.replayed)}</td>
                  <td data-number>{formatCount(run.failed)}</td>
                  <td>
                    <Tag tone={TONES[run.status]}>{run.status}</Tag>
                  </td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        )
      }
    </QueryState>
  );
}
