import type { SizeEstimate } from '../api/segments.ts';
import { formatCount } from '../elements/number-format.ts';

/** Those who may not see people are told no more of a small number. */
export const isFewerThanTen = ({ low, high, exact }: SizeEstimate): boolean =>
  !exact && low === 0 && high === 9;

/** A number of people; an estimate with the bounds it lies between. */
export function SizeText({ size }: { readonly size: SizeEstimate }) {
  if (isFewerThanTen(size)) return <span style={{ whiteSpace: 'nowrap' }}>fewer than 10</span>;
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
