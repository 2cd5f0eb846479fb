import { formatRate, formatShare } from './number-format.ts';

interface Props {
  readonly value: number | null;
  readonly low: number;
  readonly high: number;
  readonly as?: 'share' | 'number';
}

/** An estimate, and after it the bounds it lies between with 95 % confidence. */
export function Estimate({ value, low, high, as = 'share' }: Props) {
  const format = as === 'share' ? formatShare : formatRate;
  if (value === null) return <span title="There is nothing to estimate it from">–</span>;
  return (
    <span style={{ whiteSpace: 'nowrap' }}>
      {format(value)}{' '}
      <span className="pl-bounds" title="95 % interval">
        {as === 'share' ? format(low).replace(' %', '') : format(low)} to {format(high)}
      </span>
    </span>
  );
}
