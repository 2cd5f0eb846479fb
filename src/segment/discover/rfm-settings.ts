import { z } from 'zod';

const score = z.tuple([z.number().int().min(1).max(5), z.number().int().min(1).max(5)]);
const cuts = z.array(z.number()).min(1).max(9);

const Named = z.strictObject({
  name: z.string().min(1).max(60),
  /** Least and greatest score, 1 to 5 where 5 is best. */
  recency: score,
  frequency: score,
  monetary: score,
});
export type NamedScores = z.infer<typeof Named>;

/**
 * Segments by score as documented for the R package `rfm` (rsquaredacademy); the first that fits counts. What fits none
 * is `Others`.
 */
const NAMED: readonly NamedScores[] = [
  ['Champions', [4, 5], [4, 5], [4, 5]],
  ['Loyal Customers', [2, 5], [3, 5], [3, 5]],
  ['Potential Loyalist', [3, 5], [1, 3], [1, 3]],
  ['New Customers', [4, 5], [1, 1], [1, 1]],
  ['Promising', [3, 4], [1, 1], [1, 1]],
  ['Need Attention', [2, 3], [2, 3], [2, 3]],
  ['About To Sleep', [2, 3], [1, 2], [1, 2]],
  ['At Risk', [1, 2], [2, 5], [2, 5]],
  ["Can't Lose Them", [1, 1], [4, 5], [4, 5]],
  ['Lost', [1, 2], [1, 2], [1, 2]],
].map(([name, recency, frequency, monetary]) => Named.parse({ name, recency, frequency, monetary }));

export const OTHERS = 'Others';

export const RfmSettings = z.strictObject({
  order_event: z.string().min(1).max(200).default('Order Completed'),
  /** Paths in the properties. */
  revenue: z.string().min(1).max(200).default('revenue'),
  order_id: z.string().min(1).max(200).default('order_id'),
  refund_event: z.string().min(1).max(200).default('Order Refunded'),
  /** What was paid back; the whole order when the event does not say. */
  refund: z.string().min(1).max(200).default('total'),
  /** Bins of equal share of the people, or cuts of your own in days, orders and money. */
  bins: z
    .union([
      z.number().int().min(2).max(10),
      z.strictObject({ recency: cuts, frequency: cuts, monetary: cuts }),
    ])
    .default(5),
  segments: z
    .array(Named)
    .min(1)
    .max(30)
    .default([...NAMED]),
});
export type RfmSettings = z.infer<typeof RfmSettings>;
