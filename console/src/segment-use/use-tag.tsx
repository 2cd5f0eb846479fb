import type { SegmentUse } from '../api/segment-use.ts';
import { Tag } from '../elements/tag.tsx';

/** Whether it is given out, where that is not plainly so. */
export function UseTag({ use }: { readonly use: Pick<SegmentUse, 'state' | 'reasons'> | undefined }) {
  if (use === undefined || use.state === 'free') return null;
  const why = use.reasons.join(' ').replaceAll('`', '');
  if (use.state === 'held')
    return (
      <Tag tone="red" title={`Not given out: it ${why}`}>
        Held
      </Tag>
    );
  if (use.state === 'approved')
    return (
      <Tag tone="green" title="It uses or gives away something sensitive, and somebody approved that">
        Use approved
      </Tag>
    );
  return (
    <Tag tone="blue" title={why}>
      Not judged yet
    </Tag>
  );
}
