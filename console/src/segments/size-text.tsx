import type { SizeEstimate } from '../api/segments.ts';
import { formatCount } from '../elements/number-format.ts';

/** A number of people; an estimate with the bounds it lies between. */
export function SizeText({ size }: { readonly size: SizeEstimate }) {
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      {size.exact ? '' : '≈ '}
      {formatCount(size.estimate)}
      {!size.exact && (
        <span className="pl-bounds" title="95 % interval">
          {' '}
          {formatCount(size.low)} to {formatCount(size.high)}
        </span>
      )}
    </span>
  );
}
