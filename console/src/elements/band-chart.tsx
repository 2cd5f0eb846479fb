import { useElementSize } from '@mantine/hooks';
import { useState } from 'react';

export interface BandPoint {
  readonly x: number;
  readonly y: number;
  readonly low?: number;
  readonly high?: number;
}

export interface BandLine {
  readonly name: string;
  /** A colour of the console: `green`, `blue`, … */
  readonly colour: string;
  /** Ascending in x. */
  readonly points: readonly BandPoint[];
}

interface Props {
  /** Says what the chart shows; read aloud in its place. */
  readonly label: string;
  readonly x_label: string;
  readonly y_label: string;
  readonly lines: readonly BandLine[];
  readonly format_x: (value: number) => string;
  readonly format_y: (value: number) => string;
  /** A vertical line with its name, for example at the threshold in use. */
  readonly mark?: { readonly x: number; readonly name: string };
  /** Least and greatest value that the axis must reach; the values' own without. */
  readonly y_from?: number;
  readonly y_to?: number;
  readonly height_px?: number;
}

const EDGE = { left: 46, right: 12, top: 12, bottom: 42 };

/** Lines over numbers, each inside the band of its interval. The pointer shows the values at its place. */
export function BandChart(props: Props) {
  const { ref, width } = useElementSize();
  const [at, setAt] = useState<number | null>(null);
  const height = props.height_px ?? 260;
  const plane = planeOf(props, Math.max(width, 200), height);
  const onMove = (client_x: number, box: DOMRect) =>
    setAt(plane.x_of_px(client_x - box.left, props.lines[0]?.points ?? []));
  return (
    <div ref={ref}>
      <Legend lines={props.lines} at={at} props={props} />
      <svg
        role="img"
        aria-label={props.label}
        width="100%"
        height={height}
        style={{ display: 'block' }}
        onPointerMove={(event) => onMove(event.clientX, event.currentTarget.getBoundingClientRect())}
        onPointerLeave={() => setAt(null)}
      >
        <Axes props={props} plane={plane} height={height} width={Math.max(width, 200)} />
        {props.lines.map((line) => (
          <g key={line.name} style={{ color: `var(--pl-${line.colour})` }}>
            <path d={bandPath(line.points, plane)} fill="currentColor" opacity={0.16} />
            <path d={linePath(line.points, plane)} fill="none" stroke="currentColor" strokeWidth={2} />
          </g>
        ))}
        {props.mark !== undefined && (
          <Mark
            x={plane.x(props.mark.x)}
            name={props.mark.name}
            right={Math.max(width, 200)}
            height={height}
          />
        )}
        {at !== null && (
          <line
            x1={plane.x(at)}
            x2={plane.x(at)}
            y1={EDGE.top}
            y2={height - EDGE.bottom}
            stroke="var(--mantine-color-dimmed)"
          />
        )}
      </svg>
    </div>
  );
}

interface Plane {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly x_ticks: readonly number[];
  readonly y_ticks: readonly number[];
  x_of_px(px: number, points: readonly BandPoint[]): number | null;
}

function planeOf({ lines, y_from, y_to }: Props, width: number, height: number): Plane {
  const points = lines.flatMap((line) => line.points);
  const xs = points.map((point) => point.x);
  const ys = points.flatMap((point) => [point.y, point.low ?? point.y, point.high ?? point.y]);
  const x_range = [Math.min(...xs), Math.max(...xs)] as const;
  const y_range = [
    Math.min(y_from ?? Number.POSITIVE_INFINITY, ...ys),
    Math.max(y_to ?? Number.NEGATIVE_INFINITY, ...ys),
  ] as const;
  const scale =
    ([from, to]: readonly [number, number], start: number, end: number) =>
    (value: number) =>
      start + ((value - from) / (to - from || 1)) * (end - start);
  const x = scale(x_range, EDGE.left, width - EDGE.right);
  const y = scale(y_range, height - EDGE.bottom, EDGE.top);
  return {
    x,
    y,
    x_ticks: ticksOf(x_range, width < 480 ? 3 : 6),
    y_ticks: ticksOf(y_range, 5),
    x_of_px: (px, list) =>
      list.reduce<number | null>(
        (best, point) =>
          best === null || Math.abs(x(point.x) - px) < Math.abs(x(best) - px) ? point.x : best,
        null,
      ),
  };
}

/** Round numbers inside the range, about `count` of them. */
function ticksOf([from, to]: readonly [number, number], count: number): number[] {
  const rough = (to - from || 1) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((each) => each * power >= rough) ?? 10) * power;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function Axes(at: { props: Props; plane: Plane; height: number; width: number }) {
  const { props, plane, height, width } = at;
  const bottom = height - EDGE.bottom;
  return (
    <g className="pl-axis">
      {plane.y_ticks.map((tick) => (
        <g key={tick}>
          <line x1={EDGE.left} x2={width - EDGE.right} y1={plane.y(tick)} y2={plane.y(tick)} />
          <text x={EDGE.left - 6} y={plane.y(tick) + 4} textAnchor="end">
            {props.format_y(tick)}
          </text>
        </g>
      ))}
      {plane.x_ticks.map((tick) => (
        <text key={tick} x={plane.x(tick)} y={bottom + 16} textAnchor="middle">
          {props.format_x(tick)}
        </text>
      ))}
      <text x={(EDGE.left + width - EDGE.right) / 2} y={bottom + 34} textAnchor="middle">
        {props.x_label}
      </text>
    </g>
  );
}

function Mark({ x, name, right, height }: { x: number; name: string; right: number; height: number }) {
  const flip = x > right - 140;
  return (
    <g className="pl-axis">
      <line
        x1={x}
        x2={x}
        y1={EDGE.top}
        y2={height - EDGE.bottom}
        style={{ stroke: 'var(--pl-accent-text)', strokeDasharray: '4 3' }}
      />
      <text x={flip ? x - 6 : x + 6} y={height - EDGE.bottom - 8} textAnchor={flip ? 'end' : 'start'}>
        {name}
      </text>
    </g>
  );
}

function Legend({ lines, at, props }: { lines: readonly BandLine[]; at: number | null; props: Props }) {
  return (
    <div className="pl-legend">
      <span>{props.y_label}</span>
      {lines.map((line) => {
        const point = at === null ? undefined : line.points.find((each) => each.x === at);
        return (
          <span key={line.name} className="pl-tag" data-tone={line.colour} style={{ border: 0 }}>
            {line.name}
            {point !== undefined && `: ${props.format_y(point.y)}`}
            {point?.low !== undefined &&
              ` (${props.format_y(point.low)} to ${props.format_y(point.high ?? point.y)})`}
          </span>
        );
      })}
      {at !== null && <span>at {props.format_x(at)}</span>}
    </div>
  );
}

const at = (x: number, y: number) => `${x.toFixed(1)} ${y.toFixed(1)}`;

const linePath = (points: readonly BandPoint[], { x, y }: Plane) =>
  points.map((point, i) => `${i === 0 ? 'M' : 'L'}${at(x(point.x), y(point.y))}`).join('');

function bandPath(points: readonly BandPoint[], { x, y }: Plane): string {
  const banded = points.filter((point) => point.low !== undefined && point.high !== undefined);
  if (banded.length === 0) return '';
  const upper = banded.map((point) => at(x(point.x), y(point.high ?? point.y)));
  const lower = banded.map((point) => at(x(point.x), y(point.low ?? point.y))).reverse();
  return `M${[...upper, ...lower].join('L')}Z`;
}
