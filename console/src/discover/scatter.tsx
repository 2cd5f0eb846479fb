import { Stack, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { useMemo } from 'react';
import type { Cluster, Picture } from '../api/segmentations.ts';
import { formatCount, formatShare } from '../elements/number-format.ts';
import { type ClusterLook, looksOf } from './cluster-colours.ts';

const EDGE = { left: 12, right: 10, top: 10, bottom: 12 };

interface Props {
  readonly picture: Picture;
  readonly clusters: readonly Cluster[];
  /** Key of the cluster that stands out; all when empty. */
  readonly chosen: string;
  readonly onChoose: (key: string) => void;
}

/** People of the sample as dots: near each other when they behave alike. */
export function Scatter({ picture, clusters, chosen, onChoose }: Props) {
  const { ref, width } = useElementSize();
  const looks = useMemo(() => looksOf(clusters), [clusters]);
  return (
    <div className="pl-panel" style={{ padding: 12 }}>
      <ul className="pl-legend pl-legend-list">
        {clusters.map((cluster) => (
          <li key={cluster.key}>
            <button
              type="button"
              className="pl-filter"
              aria-pressed={chosen === cluster.key}
              onClick={() => onChoose(chosen === cluster.key ? '' : cluster.key)}
            >
              <svg width={10} height={10} viewBox="-5 -5 10 10" aria-hidden style={{ marginRight: 6 }}>
                <Mark look={looks.get(cluster.key)} size={4} />
              </svg>
              {cluster.title}
            </button>
          </li>
        ))}
      </ul>
      <div ref={ref}>
        <Dots picture={picture} looks={looks} chosen={chosen} width={Math.max(width, 240)} />
      </div>
      <Axes picture={picture} />
    </div>
  );
}

/** Below the picture, where long words have room on a narrow screen too. */
function Axes({ picture: { explained, axes } }: Pick<Props, 'picture'>) {
  return (
    <Stack gap={2} mt={6}>
      {['To the right', 'Upwards'].map((way, i) => (
        <Text key={way} size="xs" c="dimmed">
          {way}: {axes[i]} ({formatShare(explained[i])} of the differences)
        </Text>
      ))}
    </Stack>
  );
}

interface DotsProps {
  readonly picture: Picture;
  readonly looks: ReadonlyMap<string, ClusterLook>;
  readonly chosen: string;
  readonly width: number;
}

function Dots({ picture, looks, chosen, width }: DotsProps) {
  const height = Math.min(460, Math.max(280, width * 0.6));
  const place = useMemo(() => placeOf(picture, width, height), [picture, width, height]);
  return (
    <svg
      role="img"
      aria-label={`${formatCount(picture.points.length)} people as dots by what they did, marked by segment. The segments’ profiles say the same in words.`}
      width="100%"
      height={height}
      style={{ display: 'block' }}
      className="pl-axis"
    >
      <line x1={EDGE.left} x2={width - EDGE.right} y1={height - EDGE.bottom} y2={height - EDGE.bottom} />
      <line x1={EDGE.left} x2={EDGE.left} y1={EDGE.top} y2={height - EDGE.bottom} />
      {picture.points.map((point, index) => (
        <g
          // biome-ignore lint/suspicious/noArrayIndexKey: points have no name, and never move
          key={index}
          transform={`translate(${place.x(point.x)} ${place.y(point.y)})`}
          opacity={chosen === '' || chosen === point.cluster ? 0.75 : 0.08}
        >
          <Mark look={point.cluster === null ? undefined : looks.get(point.cluster)} size={3} />
        </g>
      ))}
    </svg>
  );
}

/** Who is in no cluster is a small cross. */
function Mark({ look, size }: { readonly look: ClusterLook | undefined; readonly size: number }) {
  if (look === undefined)
    return (
      <path d={`M${-size} 0H${size}M0 ${-size}V${size}`} style={{ stroke: 'var(--mantine-color-dimmed)' }} />
    );
  const fill = { fill: look.colour };
  if (look.mark === 'circle') return <circle r={size} style={fill} />;
  if (look.mark === 'square')
    return <rect x={-size * 0.9} y={-size * 0.9} width={size * 1.8} height={size * 1.8} style={fill} />;
  const d =
    look.mark === 'triangle'
      ? `M0 ${-size * 1.2}L${size * 1.1} ${size}H${-size * 1.1}Z`
      : `M0 ${-size * 1.25}L${size * 1.25} 0L0 ${size * 1.25}L${-size * 1.25} 0Z`;
  return <path d={d} style={fill} />;
}

function placeOf({ points }: Picture, width: number, height: number) {
  const scale = (values: number[], start: number, end: number) => {
    const low = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const span = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY) - low || 1;
    return (value: number) => (start + ((value - low) / span) * (end - start)).toFixed(1);
  };
  return {
    x: scale(
      points.map((point) => point.x),
      EDGE.left + 8,
      width - EDGE.right - 8,
    ),
    y: scale(
      points.map((point) => point.y),
      height - EDGE.bottom - 8,
      EDGE.top + 8,
    ),
  };
}
