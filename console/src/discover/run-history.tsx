import { type SegmentationRun, useSegmentationRuns } from '../api/segmentations.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';

export const TRIGGERS: Readonly<Record<SegmentationRun['trigger'], string>> = {
  manual: 'by hand',
  schedule: 'by schedule',
  drift: 'people had changed',
};

/** Runs before this one; one opens as it was. */
export function RunHistory({
  name,
  onOpen,
}: {
  readonly name: string;
  readonly onOpen: (id: string) => void;
}) {
  const runs = useSegmentationRuns(name);
  return (
    <QueryState query={runs}>
      {(list) =>
        list.length === 0 ? (
          <EmptyNote title="Segments were never found yet" />
        ) : (
          <ScrollTable label="Runs" min_width={640}>
            <thead>
              <tr>
                <th>When</th>
                <th>Why</th>
                <th data-number>People</th>
                <th data-number>Segments</th>
                <th data-number>In none</th>
                <th>Names kept</th>
              </tr>
            </thead>
            <tbody>
              {list.map((run) => (
                <tr key={run.id} data-clickable onClick={() => onOpen(run.id)}>
                  <td style={{ whiteSpace: 'nowrap' }}>
                    <button type="button" className="pl-row-button">
                      <RelativeTime at={run.at} />
                    </button>
                  </td>
                  <td>{TRIGGERS[run.trigger]}</td>
                  <td data-number>{formatCount(run.people)}</td>
                  <td data-number>{formatCount(run.clusters.length)}</td>
                  <td data-number>{formatCount(run.unassigned)}</td>
                  <td>{keptWords(run)}</td>
                </tr>
              ))}
            </tbody>
          </ScrollTable>
        )
      }
    </QueryState>
  );
}

function keptWords({ clusters }: Pick<SegmentationRun, 'clusters'>): string {
  const kept = clusters.filter((cluster) => cluster.kept_from !== null).length;
  return kept === 0 ? 'first names' : `${kept} of ${clusters.length} go on from the run before`;
}
