import { Group, Text } from '@mantine/core';
import { useElementSize } from '@mantine/hooks';
import { IconUserOff } from '@tabler/icons-react';
import { useState } from 'react';
import type { IdentityGraph as Graph } from '../api/identity.ts';
import { formatCount } from '../elements/number-format.ts';
import { BOX_HEIGHT, type Box, type Layout, type Line, layoutGraph } from './graph-layout.ts';
import { lookOf, NEARNESS } from './identifier-types.ts';

interface Props {
  readonly graph: Graph;
  readonly selected: string;
  readonly onSelect: (id: string) => void;
}

/** Lines carry their count while there are few of them; more of them show it at the identifier that is pointed at. */
const LABELS_MAX = 9;

/** Identifiers as buttons on a drawing of what links them; Tab walks them, Enter opens one below. */
export function IdentityGraph({ graph, selected, onSelect }: Props) {
  const { ref, width } = useElementSize();
  const [pointed, setPointed] = useState('');
  const layout = layoutGraph(graph, width);
  const lit = pointed || selected;
  return (
    <div className="pl-panel" style={{ padding: 12 }}>
      <div ref={ref} className="pl-scroll">
        <div className="pl-graph" style={{ width: layout.width, height: layout.height }}>
          <Lines layout={layout} lit={lit} />
          {layout.columns.map(({ name, x }) => (
            <span key={name} className="pl-graph-column" style={{ left: x, width: layout.box_width }}>
              {NEARNESS[name].words}
            </span>
          ))}
          {layout.boxes.map((box) => (
            <BoxButton
              key={box.id}
              box={box}
              width={layout.box_width}
              faded={lit !== '' && !touches(layout.lines, lit, box.id)}
              selected={box.id === selected}
              onPoint={setPointed}
              onSelect={() => onSelect(box.id === selected ? '' : box.id)}
            />
          ))}
        </div>
      </div>
      <Legend has_drops={graph.drops.length > 0} />
    </div>
  );
}

function touches(lines: readonly Line[], lit: string, id: string): boolean {
  return (
    lit === id ||
    lines.some((line) => (line.from === lit && line.to === id) || (line.to === lit && line.from === id))
  );
}

function Lines({ layout, lit }: { readonly layout: Layout; readonly lit: string }) {
  const few = layout.lines.length <= LABELS_MAX;
  return (
    <svg width={layout.width} height={layout.height} aria-hidden className="pl-graph-lines">
      {layout.lines.map((line) => {
        const on = lit !== '' && (line.from === lit || line.to === lit);
        const count = line.edge?.events ?? line.edge?.observations;
        return (
          <g
            key={line.id}
            data-lit={on}
            data-dropped={line.drop !== undefined}
            opacity={lit === '' || on ? 1 : 0.25}
          >
            <path d={line.path} strokeWidth={thickness(count)} />
            {count !== undefined && (few || on) && (
              <text x={line.middle.x} y={line.middle.y + 4} textAnchor="middle">
                {formatCount(count)}×
              </text>
            )}
          </g>
        );
      })}
    </svg>
  );
}

/** 1.4 for one, up to 5 pixels for thousands. */
const thickness = (count: number | undefined) =>
  count === undefined ? 1.6 : Math.min(5, 1.4 + Math.log10(Math.max(1, count)));

interface BoxProps {
  readonly box: Box;
  readonly width: number;
  readonly faded: boolean;
  readonly selected: boolean;
  readonly onPoint: (id: string) => void;
  readonly onSelect: () => void;
}

function BoxButton({ box, width, faded, selected, onPoint, onSelect }: BoxProps) {
  const { icon: Icon, words } = lookOf(box.type);
  const outside = box.node === undefined;
  const is_person = box.type === 'person';
  return (
    <button
      type="button"
      className="pl-graph-box"
      data-outside={outside}
      data-tone={NEARNESS[box.column].tone}
      aria-pressed={selected}
      title={box.value}
      style={{ left: box.x, top: box.y, width, height: BOX_HEIGHT, opacity: faded ? 0.35 : 1 }}
      onMouseEnter={() => onPoint(box.id)}
      onMouseLeave={() => onPoint('')}
      onFocus={() => onPoint(box.id)}
      onBlur={() => onPoint('')}
      onClick={onSelect}
    >
      {is_person ? <IconUserOff size={16} stroke={1.6} /> : <Icon size={16} stroke={1.6} />}
      <span style={{ minWidth: 0 }}>
        <span className="pl-graph-type">
          {is_person ? 'Another person' : words}
          {box.node?.leading === true && ', leading'}
          {box.node !== undefined && (box.node.shared_from !== null || box.node.twin) && ', shared'}
          {box.node?.learned === true && ', too common'}
          {outside && !is_person && ', did not join'}
        </span>
        <span className="pl-mono pl-truncate">{box.value}</span>
      </span>
    </button>
  );
}

function Legend({ has_drops }: { readonly has_drops: boolean }) {
  return (
    <Group gap="md" mt="xs">
      <Text size="xs" c="dimmed">
        <LegendLine dashed={false} /> seen together, the number says how often
      </Text>
      {has_drops && (
        <Text size="xs" c="dimmed">
          <LegendLine dashed /> seen together, and not joined; select it for the reason
        </Text>
      )}
    </Group>
  );
}

function LegendLine({ dashed }: { readonly dashed: boolean }) {
  return (
    <svg
      width={26}
      height={8}
      aria-hidden
      className="pl-graph-lines"
      style={{ position: 'static', display: 'inline' }}
    >
      <g data-dropped={dashed} data-lit={false}>
        <path d="M0 4H26" strokeWidth={1.8} />
      </g>
    </svg>
  );
}
