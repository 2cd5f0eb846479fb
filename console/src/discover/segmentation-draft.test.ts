import { expect, test } from 'vitest';
import { bodyOf, draftOf, featureName, NEW_FEATURE, NEW_SEGMENTATION } from './segmentation-draft.ts';

test('a new segmentation is a whole definition', () => {
  expect(bodyOf(NEW_SEGMENTATION)).toMatchObject({
    method: 'kmeans',
    clusters: { min: 2, max: 8 },
    features: [
      { name: 'days_since_events', measure: 'days_since' },
      { name: 'count_events', measure: 'count', transform: 'log' },
      { name: 'count_order_completed', measure: 'count', event: 'Order Completed' },
      { name: 'sum_revenue_order_completed', property: 'revenue' },
    ],
  });
});

test('what the form does not show survives it', () => {
  const body = {
    method: 'hdbscan',
    description: 'd',
    window_days: 90,
    refit_days: null,
    refit_on_drift: false,
    features: [{ name: 'x', measure: 'share', event: 'A', property: 'p', equals: 'v', window_days: 7 }],
    cap: 5,
    owner: 'ada',
    scaling: 'robust',
    min_samples: 20,
  };
  expect(bodyOf(draftOf(body))).toEqual(body);
});

test('another method takes its own settings only', () => {
  const dense = draftOf({
    method: 'hdbscan',
    features: [],
    min_samples: 20,
    scaling: 'robust',
    owner: 'ada',
  });
  expect(bodyOf({ ...dense, method: 'rfm' })).toEqual({
    method: 'rfm',
    owner: 'ada',
    description: '',
    window_days: 365,
    refit_days: null,
    refit_on_drift: false,
    rfm: { order_event: 'Order Completed', revenue: 'revenue' },
  });
  expect(bodyOf({ ...dense, method: 'kmeans' })).not.toHaveProperty('min_samples');
});

test('a feature is named after what it measures, unless it has a name', () => {
  expect(featureName({ ...NEW_FEATURE, event: 'Produkt gesehen!', window_days: 30 })).toBe(
    'count_produkt_gesehen_30d',
  );
  expect(featureName({ ...NEW_FEATURE, name: 'visits' })).toBe('visits');
});
