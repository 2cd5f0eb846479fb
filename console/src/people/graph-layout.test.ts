import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { GraphNode, IdentityGraph } from '../api/identity.ts';
import { BOX_HEIGHT, layoutGraph } from './graph-layout.ts';

const types = ['user_id', 'email', 'phone', 'anonymous_id', 'device_id', 'member_no'];

const graphs = fc
  .array(fc.constantFrom(...types), { minLength: 1, maxLength: 25 })
  .chain((list) =>
    fc.record({
      list: fc.constant(list),
      pairs: fc.array(fc.tuple(fc.nat(list.length - 1), fc.nat(list.length - 1)), { maxLength: 40 }),
      dropped: fc.array(fc.tuple(fc.constantFrom(...types), fc.boolean()), { maxLength: 4 }),
    }),
  )
  .map(({ list, pairs, dropped }): IdentityGraph => {
    const nodes = list.map((type, index) => nodeOf(`n${index}`, type, index === 0));
    return {
      person: 'p',
      leading: { type: list[0] ?? '', value: '' },
      nodes,
      edges: pairs.map(([a, b]) => ({
        from: `n${a}`,
        to: `n${b}`,
        first_seen: '2026-01-01T00:00:00.000Z',
        cause: 'event',
        source_id: '',
        message_id: '',
        observations: 1,
        events: null,
      })),
      drops: dropped.map(([type, mine], index) => ({
        node: mine ? 'n0' : `d${index}`,
        type,
        value: 'x',
        person: mine ? 'p' : 'q',
        other_person: mine ? 'q' : 'p',
        rule: 'unmerged',
        at: '2026-01-01T00:00:00.000Z',
        source_id: '',
        message_id: '',
      })),
      changes: [],
      masked: false,
    };
  });

function nodeOf(node: string, type: string, leading: boolean): GraphNode {
  return {
    node,
    type,
    value: node,
    leading,
    first_seen: '2026-01-01T00:00:00.000Z',
    last_seen: null,
    events: 0,
    shared_from: null,
    twin: false,
    learned: false,
  };
}

test('every identifier has a place of its own inside the picture, and every line has two ends', () => {
  fc.assert(
    fc.property(graphs, fc.integer({ min: 300, max: 1_600 }), (graph, wide) => {
      const layout = layoutGraph(graph, wide);
      const ids = new Set(layout.boxes.map((box) => box.id));
      expect(ids.size).toBe(layout.boxes.length);
      for (const node of graph.nodes) expect(ids).toContain(node.node);
      for (const line of layout.lines) expect(ids.has(line.from) && ids.has(line.to)).toBe(true);
      for (const box of layout.boxes) {
        expect(box.x + layout.box_width).toBeLessThanOrEqual(layout.width + 0.01);
        expect(box.y + BOX_HEIGHT).toBeLessThanOrEqual(layout.height);
        const clash = layout.boxes.some(
          (other) => other !== box && other.x === box.x && Math.abs(other.y - box.y) < BOX_HEIGHT,
        );
        expect(clash).toBe(false);
      }
    }),
  );
});
