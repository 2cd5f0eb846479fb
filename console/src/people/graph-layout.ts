import type { GraphDrop, GraphEdge, GraphNode, IdentityGraph } from '../api/identity.ts';
import { lookOf, type Nearness } from './identifier-types.ts';

export interface Box {
  readonly id: string;
  readonly type: string;
  readonly value: string;
  readonly column: Nearness;
  readonly x: number;
  readonly y: number;
  /** Undefined for what stayed outside the person. */
  readonly node: GraphNode | undefined;
}

export interface Line {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly path: string;
  readonly middle: { readonly x: number; readonly y: number };
  readonly edge: GraphEdge | undefined;
  readonly drop: GraphDrop | undefined;
}

export interface Layout {
  readonly boxes: readonly Box[];
  readonly lines: readonly Line[];
  readonly columns: readonly { readonly name: Nearness; readonly x: number }[];
  readonly box_width: number;
  readonly width: number;
  readonly height: number;
}

export const BOX_HEIGHT = 42;
const ROW = 56;
const TOP = 30;
/** Accounts stand in the middle: what links people links them through those, so that hardly a line crosses a column. */
const COLUMNS: readonly Nearness[] = ['contact', 'account', 'device'];
/** Columns are put in order from the middle outwards. */
const PLACED: readonly Nearness[] = ['account', 'contact', 'device'];
const MIN_WIDTH = 660;

/**
 * Contact data to the left, accounts in the middle, devices to the right; in each column close to what it is linked
 * with. What did not join stands below, outside. Pixels; the same graph gives the same picture.
 */
export function layoutGraph(graph: IdentityGraph, wide: number): Layout {
  const width = Math.max(MIN_WIDTH, wide);
  const outside = outsideOf(graph);
  const all = [...graph.nodes.map(insider), ...outside.map((each) => each.box)];
  const used = COLUMNS.filter((name) => all.some((box) => box.column === name));
  const box_width = Math.min(250, (width - 70 * (used.length - 1)) / used.length);
  const step = used.length < 2 ? 0 : (width - box_width) / (used.length - 1);
  const boxes: Box[] = [];
  for (const name of PLACED) {
    const column = all.filter((box) => box.column === name);
    ordered(column, graph.edges, boxes).forEach((box, row) => {
      boxes.push({ ...box, x: used.indexOf(name) * step, y: TOP + row * ROW });
    });
  }
  // The keyboard walks them as they are read, from the left.
  boxes.sort((a, b) => a.x - b.x || a.y - b.y);
  const at = new Map(boxes.map((box) => [box.id, box]));
  const lines = [
    ...graph.edges.flatMap((edge) =>
      lineOf(`${edge.from} ${edge.to}`, at.get(edge.from), at.get(edge.to), box_width, {
        edge,
        drop: undefined,
      }),
    ),
    ...outside.flatMap(({ drop, from, box }) =>
      lineOf(`drop ${from} ${box.id}`, at.get(from), at.get(box.id), box_width, { edge: undefined, drop }),
    ),
  ];
  const rows = Math.max(...used.map((name) => boxes.filter((box) => box.column === name).length), 1);
  return {
    boxes,
    lines,
    columns: used.map((name, index) => ({ name, x: index * step })),
    box_width,
    width,
    height: TOP + rows * ROW,
  };
}

type Unplaced = Omit<Box, 'x' | 'y'>;

const insider = (node: GraphNode): Unplaced => ({
  id: node.node,
  type: node.type,
  value: node.value,
  column: lookOf(node.type).nearness,
  node,
});

/** The other end of every link that was refused: an identifier of somebody else, or the other person. */
function outsideOf(graph: IdentityGraph) {
  const own = new Set(graph.nodes.map((node) => node.node));
  const leading = graph.nodes.find((node) => node.leading)?.node ?? graph.nodes[0]?.node ?? '';
  const seen = new Set<string>();
  return graph.drops.flatMap((drop) => {
    const mine = drop.person === graph.person && own.has(drop.node);
    const id = mine ? `person ${drop.other_person}` : `out ${drop.node}`;
    const from = mine ? drop.node : leading;
    if (seen.has(`${from} ${id}`) || from === '') return [];
    seen.add(`${from} ${id}`);
    const box: Unplaced = mine
      ? { id, type: 'person', value: drop.other_person, column: 'account', node: undefined }
      : { id, type: drop.type, value: drop.value, column: lookOf(drop.type).nearness, node: undefined };
    return [{ drop, from, box }];
  });
}

/** Leading first, then near to the neighbours placed already; strangers last. */
function ordered(
  column: readonly Unplaced[],
  edges: readonly GraphEdge[],
  placed: readonly Box[],
): Unplaced[] {
  const row = new Map(placed.map((box) => [box.id, box.y]));
  const pull = (id: string) => {
    const near = edges.flatMap((edge) => {
      const other = edge.from === id ? edge.to : edge.to === id ? edge.from : undefined;
      const y = other === undefined ? undefined : row.get(other);
      return y === undefined ? [] : [y];
    });
    return near.length === 0 ? Number.MAX_SAFE_INTEGER : near.reduce((sum, y) => sum + y, 0) / near.length;
  };
  const unique = [...new Map(column.map((box) => [box.id, box])).values()];
  return unique.sort(
    (a, b) =>
      Number(a.node === undefined) - Number(b.node === undefined) ||
      Number(b.node?.leading === true) - Number(a.node?.leading === true) ||
      pull(a.id) - pull(b.id) ||
      (a.node?.first_seen ?? '~').localeCompare(b.node?.first_seen ?? '~') ||
      a.id.localeCompare(b.id),
  );
}

function lineOf(
  id: string,
  a: Box | undefined,
  b: Box | undefined,
  box_width: number,
  why: Pick<Line, 'edge' | 'drop'>,
): Line[] {
  if (a === undefined || b === undefined) return [];
  const [left, right] = a.x <= b.x ? [a, b] : [b, a];
  const y1 = left.y + BOX_HEIGHT / 2;
  const y2 = right.y + BOX_HEIGHT / 2;
  const same = left.x === right.x;
  // Within a column the line bows out on the side that has room: outwards to the right, for the last column to the left.
  const bow = left.x > box_width ? -1 : 1;
  const x1 = same && bow < 0 ? left.x : left.x + box_width;
  const x2 = same ? x1 : right.x;
  const reach = same ? bow * Math.min(60, 18 + Math.abs(y2 - y1) / 4) : (x2 - x1) / 2;
  const c1 = x1 + reach;
  const c2 = same ? x2 + reach : x2 - reach;
  return [
    {
      id,
      from: a.id,
      to: b.id,
      path: `M${x1} ${y1}C${c1} ${y1} ${c2} ${y2} ${x2} ${y2}`,
      middle: { x: (x1 + 3 * c1 + 3 * c2 + x2) / 8, y: (y1 + y2) / 2 },
      ...why,
    },
  ];
}
