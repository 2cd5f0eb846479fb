import { type SharedPeople, useSharedPeople } from '../api/segments.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount, formatPeople, formatShare } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { SegmentLink } from '../elements/segment-link.tsx';

interface Props {
  readonly segment: { readonly name: string; readonly people: number | null };
}

/** With which other segments it shares people: all of them are counted, as they are in them now. */
export function SegmentOverlap({ segment }: Props) {
  const shared = useSharedPeople(segment.name);
  return (
    <QueryState query={shared}>
      {(others) => <OverlapTable others={others} people={segment.people ?? 0} />}
    </QueryState>
  );
}

interface TableProps {
  readonly others: readonly SharedPeople[];
  readonly people: number;
}

function OverlapTable({ others, people }: TableProps) {
  if (others.length === 0)
    return (
      <EmptyNote title="Nothing to compare with">There is no other segment with people in it.</EmptyNote>
    );
  const share = (both: number | null, of: number): number | null =>
    both === null || of === 0 ? null : Math.min(1, both / of);
  return (
    <ScrollTable label="Overlap with other segments" min_width={640}>
      <thead>
        <tr>
          <th>Segment</th>
          <th data-number>People in it</th>
          <th data-number>In both</th>
          <th data-number>Share of this one</th>
          <th data-number>Share of the other</th>
          <th style={{ width: 120 }} aria-hidden />
        </tr>
      </thead>
      <tbody>
        {[...others]
          .sort((a, b) => (b.both ?? 0) - (a.both ?? 0))
          .map((each) => (
            <tr key={each.segment}>
              <td>
                <SegmentLink name={each.segment} label={each.label} />
              </td>
              <td data-number>{formatCount(each.people)}</td>
              <td data-number>{formatPeople(each.both)}</td>
              <td data-number>{formatShare(share(each.both, people))}</td>
              <td data-number>{formatShare(share(each.both, each.people))}</td>
              <td aria-hidden>
                <span className="pl-share">
                  <span style={{ width: `${(share(each.both, people) ?? 0) * 100}%` }} />
                </span>
              </td>
            </tr>
          ))}
      </tbody>
    </ScrollTable>
  );
}
