import type { DescribedFeature } from './describe-clusters.ts';
import type { Feature, Segmentation } from './segmentation.ts';

const RFM: readonly DescribedFeature[] = [
  { name: 'days_since_order', measure: 'days_since' },
  { name: 'orders', measure: 'count' },
  { name: 'revenue', measure: 'sum' },
];

/** What a run knows of each person, in the order of the values. */
export const describedFeatures = (body: Segmentation): readonly DescribedFeature[] =>
  body.method === 'rfm' ? RFM : body.features;

/** The feature in words: `sum of price over Order Completed in 90 days`. */
export function featureWords(body: Segmentation, i: number): string {
  if (body.method === 'rfm') {
    const event = body.rfm.order_event;
    return (
      [`days since the last ${event}`, `number of ${event}`, `${body.rfm.revenue} of ${event}, less refunds`][
        i
      ] ?? ''
    );
  }
  const feature = body.features[i];
  if (feature === undefined) return '';
  return `${measureWords(feature)} in ${feature.window_days ?? body.window_days} days`;
}

function measureWords({ measure, event, property, equals }: Feature): string {
  const over = event ?? 'all events';
  switch (measure) {
    case 'count':
      return `number of ${over}`;
    case 'days_since':
      return `days since the last ${event ?? 'event'}`;
    case 'sum':
    case 'average':
      return `${measure} of ${property} over ${over}`;
    case 'distinct':
      return `different values of ${property} over ${over}`;
    case 'share':
      return property === undefined
        ? `share of ${over} in all events`
        : `share of ${over} where ${property} is ${equals}`;
  }
}
