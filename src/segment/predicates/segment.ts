import { z } from 'zod';
import { definePredicate, NEEDS_NOTHING } from './predicate.ts';

const body = z.strictObject({
  predicate: z.literal('segment'),
  segment: z.string().min(1).max(200).meta({ description: 'Name of another segment.' }),
});

export const segment = definePredicate({
  name: 'segment',
  title: 'In another segment',
  summary: 'Fulfils the rule of another segment now, whenever that one was refreshed last.',
  schema: body,
  compile: ({ segment: name }) => ({
    needs: { ...NEEDS_NOTHING, segments: [name] },
    matches: (view, now_ms) =>
      view.segment(name, now_ms) ?? { is: false, until_ms: Number.POSITIVE_INFINITY },
    toSql: (columns) => columns.segment(name),
    evidence: (view, now_ms) => view.segment(name, now_ms)?.is ?? null,
  }),
  describe: ({ segment: name }) => `in the segment ${name}`,
});
