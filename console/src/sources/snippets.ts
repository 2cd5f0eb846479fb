/** Ready-to-paste code for a source. `origin` is the address of this server, without a slash at the end. */
export function curlSnippet(origin: string, write_key: string): string {
  return `curl ${origin}/v1/track \\
  -u ${write_key}: \\
  -H 'content-type: application/json' \\
  -d '{"userId":"person-1","event":"Product Viewed","properties":{"product_id":"p-1","name":"Lamp","price":39.9,"currency":"EUR"}}'`;
}

export function browserSnippet(origin: string, write_key: string): string {
  return `import { AnalyticsBrowser } from '@segment/analytics-next';

export const analytics = AnalyticsBrowser.load(
  { writeKey: '${write_key}', cdnURL: '${origin}' },
  {
    integrations: {
      'Segment.io': { apiHost: '${origin.replace(/^https?:\/\//, '')}/v1', protocol: '${origin.startsWith('https') ? 'https' : 'http'}' },
    },
  },
);

analytics.page();
analytics.track('Product Viewed', { product_id: 'p-1', name: 'Lamp', price: 39.9, currency: 'EUR' });`;
}

export function nodeSnippet(origin: string, write_key: string): string {
  return `import { Analytics } from '@segment/analytics-node';

const analytics = new Analytics({ writeKey: '${write_key}', host: '${origin}', path: '/v1/batch' });

analytics.track({
  userId: 'person-1',
  event: 'Order Completed',
  properties: { order_id: 'o-1', total: 79.8, currency: 'EUR' },
});
await analytics.closeAndFlush();`;
}

export function rudderSnippet(origin: string, write_key: string): string {
  return `import { RudderAnalytics } from '@rudderstack/analytics-js';

const analytics = new RudderAnalytics();
analytics.load('${write_key}', '${origin}', { configUrl: '${origin}' });
analytics.page();
analytics.track('Product Viewed', { product_id: 'p-1', price: 39.9, currency: 'EUR' });`;
}
