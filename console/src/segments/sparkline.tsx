import { useInViewport } from '@mantine/hooks';
import { useSegmentTrend } from '../api/segments.ts';
import { formatCount } from '../elements/number-format.ts';

const W = 96;
const H = 26;

/** Size over the last seven days; read once its row comes into view. */
export function Sparkline({ segment }: { readonly segment: string }) {
  const { ref, inViewport } = useInViewport<HTMLSpanElement>();
  const trend = useSegmentTrend(segment, 8, inViewport);
  const sizes = (trend.data ?? []).map((day) => day.people);
  return (
    <span ref={ref} className="pl-spark">
      {sizes.length > 1 && (
        <svg
          width={W}
          height={H}
          role="img"
          aria-label={`From ${formatCount(sizes[0])} to ${formatCount(sizes.at(-1))} people in seven days`}
        >
          <path d={linePath(sizes)} fill="none" stroke="var(--pl-accent-text)" strokeWidth={1.6} />
        </svg>
      )}
    </span>
  );
}

function linePath(sizes: readonly number[]): string {
  const low = Math.min(...sizes);
  const range = Math.max(...sizes) - low;
  return sizes
    .map((size, index) => {
      const x = 2 + (index / (sizes.length - 1)) * (W - 4);
      const y = range === 0 ? H / 2 : H - 3 - ((size - low) / range) * (H - 6);
      return `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}
