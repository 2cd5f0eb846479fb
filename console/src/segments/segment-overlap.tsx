import { Text } from '@mantine/core';
import { useRulePreview } from '../api/segment-rules.ts';
import {
  type DiscoveredDetail,
  type SegmentDetail,
  type SizeEstimate,
  useSharedPeople,
} from '../api/segments.ts';
import { EmptyNote } from '../elements/empty-note.tsx';
import { formatCount, formatShare } from '../elements/number-format.ts';
import { QueryState } from '../elements/query-state.tsx';
import { ScrollTable } from '../elements/scroll-table.tsx';
import { SegmentLink } from '../elements/segment-link.tsx';
import { SizeText } from './size-text.tsx';

/** With which other segments the people of its rule are shared. */
export function SegmentOverlap({ segment }: { readonly segment: SegmentDetail }) {
  const preview = useRulePreview({
    rule: segment.rule,
    exclude_bots: segment.exclude_bots,
    trend_days: 0,
    sample: 0,
  });
  return (
    <QueryState query={preview}>
      {(data) => (
        <>
          <OverlapTable others={data.overlap.filter((each) => each.segment !== segment.name)} />
          {!data.people.exact && (
            <Text size="xs" c="dimmed" mt={6}>
              Estimated from {formatShare(data.looked_at)} of the people, with 95 % intervals.
            </Text>
          )}
        </>
      )}
    </QueryState>
  );
}

/** The same for people who were put in: all of them are counted. */
export function KeptOverlap({ segment }: { readonly segment: DiscoveredDetail }) {
  const shared = useSharedPeople(segment.name);
  const share = (both: number) =>
    segment.people === null || segment.people === 0 ? null : both / segment.people;
  return (
    <QueryState query={shared}>
      {(list) => (
        <OverlapTable
          others={list.map(({ both, ...other }) => ({
            ...other,
            both: { estimate: both, low: both, high: both, exact: true },
            share: share(both),
          }))}
        />
      )}
    </QueryState>
  );
}

interface Other {
  readonly segment: string;
  readonly label: string;
  readonly people: number;
  readonly both: SizeEstimate;
  readonly share: number | null;
}

function OverlapTable({ others }: { readonly others: readonly Other[] }) {
  if (others.length === 0)
    return (
      <EmptyNote title="Nothing to compare with">There is no other segment with people in it.</EmptyNote>
    );
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
          .sort((a, b) => (b.share ?? 0) - (a.share ?? 0))
          .map((each) => (
            <tr key={each.segment}>
              <td>
                <SegmentLink name={each.segment} label={each.label} />
              </td>
              <td data-number>{formatCount(each.people)}</td>
              <td data-number>
                <SizeText size={each.both} />
              </td>
              <td data-number>{formatShare(each.share)}</td>
              <td data-number>
                {formatShare(each.people === 0 ? null : Math.min(1, each.both.estimate / each.people))}
              </td>
              <td aria-hidden>
                <span className="pl-share">
                  <span style={{ width: `${(each.share ?? 0) * 100}%` }} />
                </span>
              </td>
            </tr>
          ))}
      </tbody>
    </ScrollTable>
  );
}
