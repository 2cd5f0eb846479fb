import type { SegmentationSummary } from '../api/segmentations.ts';
import { formatCount, formatShare } from '../elements/number-format.ts';
import { RelativeTime } from '../elements/relative-time.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { Tag } from '../elements/tag.tsx';
import { METHOD_WORDS } from './method-words.ts';

interface Props {
  readonly segmentations: readonly SegmentationSummary[];
  readonly onOpen: (name: string) => void;
}

export function SegmentationList({ segmentations, onOpen }: Props) {
  return (
    <ScrollTable label="Segmentations" min_width={820}>
      <thead>
        <tr>
          <th>Name</th>
          <th>How</th>
          <th data-number>Segments</th>
          <th data-number>People</th>
          <th>Found</th>
          <th>Next</th>
          <th>State</th>
        </tr>
      </thead>
      <tbody>
        {segmentations.map((each) => (
          <tr key={each.name} data-clickable onClick={() => onOpen(each.name)}>
            <td>
              <button type="button" className="pl-row-button">
                {each.name}
              </button>
            </td>
            <td>{METHOD_WORDS[each.method].label}</td>
            <td data-number>{formatCount(each.last_run?.clusters)}</td>
            <td data-number>{formatCount(each.last_run?.people)}</td>
            <td style={{ whiteSpace: 'nowrap' }}>
              <RelativeTime at={each.last_run?.at} />
            </td>
            <td style={{ whiteSpace: 'nowrap' }}>
              {each.next_run_at === null ? 'by hand' : <RelativeTime at={each.next_run_at} />}
            </td>
            <td>
              <State of={each} />
            </td>
          </tr>
        ))}
      </tbody>
    </ScrollTable>
  );
}

function State({ of }: { readonly of: SegmentationSummary }) {
  if (of.last_run === null) return <Tag tone="grey">Not run yet</Tag>;
  if (of.stale) return <Tag tone="amber">Changed since the last run</Tag>;
  if (of.drift?.refit === true)
    return (
      <Tag tone="amber" title={`${formatShare(of.drift.moved)} would be in another segment now`}>
        People have changed
      </Tag>
    );
  if (of.drift === null) return <Tag tone="grey">Drift not measured yet</Tag>;
  return <Tag tone="green">Holds</Tag>;
}
