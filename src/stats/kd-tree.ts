import { type Points, squaredDistance } from './points.ts';

/** Neighbours of any point among those that the tree was built of (Bentley 1975; Friedman, Bentley, Finkel 1977). */
export interface KdTree {
  /** Indices of the points within `radius` of point i of `query`, itself included, in rising order. */
  within(query: Points, i: number, radius: number): number[];
  /** The k nearest, nearest first, the smaller index first among equals; fewer when there are fewer points. */
  nearest(query: Points, i: number, k: number): { index: number; squared: number }[];
}

interface Node {
  /** Range of `order` below this node. */
  readonly from: number;
  readonly to: number;
  readonly axis: number;
  readonly cut: number;
  readonly low: Node | undefined;
  readonly high: Node | undefined;
}

const LEAF = 16;

export function kdTree(points: Points): KdTree {
  const { n, d, data } = points;
  const order = Int32Array.from({ length: n }, (_, i) => i);
  const at = (i: number, axis: number): number => data[i * d + axis] as number;

  const build = (from: number, to: number): Node => {
    const axis = widest(points, order, from, to);
    if (to - from <= LEAF || axis < 0) return { from, to, axis: -1, cut: 0, low: undefined, high: undefined };
    order.subarray(from, to).sort((a, b) => at(a, axis) - at(b, axis));
    let middle = (from + to) >> 1;
    const cut = at(order[middle] as number, axis);
    // Equal values stay together above the cut; the range is wider than 0, so one side of it is never empty.
    while (middle > from && at(order[middle - 1] as number, axis) === cut) middle--;
    if (middle === from) middle = from + order.subarray(from, to).findIndex((i) => at(i, axis) > cut);
    return {
      from,
      to,
      axis,
      cut: at(order[middle] as number, axis),
      low: build(from, middle),
      high: build(middle, to),
    };
  };
  const root = build(0, n);

  const within: KdTree['within'] = (query, i, radius) => {
    const squared = radius * radius;
    const found: number[] = [];
    const visit = (node: Node): void => {
      if (node.low === undefined || node.high === undefined) {
        for (let o = node.from; o < node.to; o++) {
          const index = order[o] as number;
          if (squaredDistance(query, i, points, index) <= squared) found.push(index);
        }
        return;
      }
      const gap = (query.data[i * d + node.axis] as number) - node.cut;
      if (gap < 0 || gap * gap <= squared) visit(node.low);
      if (gap >= 0 || gap * gap <= squared) visit(node.high);
    };
    visit(root);
    return found.sort((a, b) => a - b);
  };

  const nearest: KdTree['nearest'] = (query, i, k) => {
    const best: { index: number; squared: number }[] = [];
    const worst = () => (best.length < k ? Number.POSITIVE_INFINITY : (best[k - 1]?.squared ?? 0));
    const offer = (index: number): void => {
      const squared = squaredDistance(query, i, points, index);
      if (squared > worst()) return;
      let place = best.length;
      while (place > 0 && isBefore({ index, squared }, best[place - 1])) place--;
      best.splice(place, 0, { index, squared });
      if (best.length > k) best.pop();
    };
    const visit = (node: Node): void => {
      if (node.low === undefined || node.high === undefined) {
        for (let o = node.from; o < node.to; o++) offer(order[o] as number);
        return;
      }
      const gap = (query.data[i * d + node.axis] as number) - node.cut;
      visit(gap < 0 ? node.low : node.high);
      if (gap * gap <= worst()) visit(gap < 0 ? node.high : node.low);
    };
    if (k > 0) visit(root);
    return best;
  };
  return { within, nearest };
}

const isBefore = (
  a: { index: number; squared: number },
  b: { index: number; squared: number } | undefined,
): boolean => b !== undefined && (a.squared < b.squared || (a.squared === b.squared && a.index < b.index));

/** The axis with the widest range; −1 when all points are the same. */
function widest({ d, data }: Points, order: Int32Array, from: number, to: number): number {
  let axis = -1;
  let width = 0;
  for (let c = 0; c < d; c++) {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let o = from; o < to; o++) {
      const value = data[(order[o] as number) * d + c] as number;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (high - low > width) {
      width = high - low;
      axis = c;
    }
  }
  return axis;
}
