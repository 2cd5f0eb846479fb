/** The wires that carry events: Segment's, RudderStack's, beacons, pixels, webhooks and files. */
import type { CollectAnswer, CollectRequest } from '../accept/collect-request.ts';
import type { Collector } from '../accept/collector.ts';
import { jsonReply, type Wire, type WireReply, type WireRequest } from './wire.ts';

const CALLS: readonly (readonly [path: string, call: CollectRequest['call']])[] = [
  ['track', 'track'],
  ['page', 'page'],
  ['identify', 'identify'],
  ['group', 'group'],
  ['alias', 'alias'],
  ['screen', 'screen'],
  ['batch', 'batch'],
  // Segment's browser client sends to the first letter of the call.
  ['t', 'track'],
  ['p', 'page'],
  ['i', 'identify'],
  ['g', 'group'],
  ['a', 'alias'],
  ['s', 'screen'],
  ['b', 'batch'],
];
const DELIVERY_ID_HEADERS = ['webhook-id', 'svix-id', 'x-github-delivery', 'idempotency-key'];
const DELIVERY_ID_MAX = 90;

/** A transparent GIF of one pixel. */
const PIXEL = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');
const PIXEL_REPLY: WireReply = {
  status: 200,
  content_type: 'image/gif',
  body: PIXEL,
  headers: { 'cache-control': 'no-store, max-age=0' },
};
const SUCCESS = jsonReply({ success: true });

type Shape = Pick<CollectRequest, 'wire' | 'call' | 'format'> & { readonly key_in_query?: boolean };

export function eventWires(collector: Collector): readonly Wire[] {
  const accept = (request: WireRequest, shape: Shape): Promise<CollectAnswer> =>
    collector.accept(collectRequest(request, shape));

  const calls = CALLS.map(([path, call]): Wire => {
    const shape: Shape = { wire: `v1/${path}`, call, format: 'json' };
    return {
      method: 'POST',
      path: `/v1/${path}`,
      answer: async (request) => {
        await accept(request, shape);
        return SUCCESS;
      },
    };
  });

  const pixels = (['track', 'page'] as const).map(
    (call): Wire => ({
      method: 'GET',
      path: `/pixel/v1/${call}`,
      answer: async (request) => {
        await accept(request, { wire: `pixel/v1/${call}`, call, format: 'query', key_in_query: true });
        return PIXEL_REPLY;
      },
    }),
  );

  const beacon: Wire = {
    method: 'POST',
    path: '/beacon/v1/batch',
    answer: async (request) => {
      await accept(request, { wire: 'beacon/v1/batch', call: 'batch', format: 'json', key_in_query: true });
      return SUCCESS;
    },
  };

  const webhook: Wire = {
    method: 'POST',
    path: '/v1/webhook',
    answer: async (request) => {
      await accept(request, { wire: 'v1/webhook', call: 'webhook', format: 'json', key_in_query: true });
      return SUCCESS;
    },
  };
  const webhookByGet: Wire = {
    method: 'GET',
    path: '/v1/webhook',
    answer: async (request) => {
      const { writeKey: _, ...fields } = request.query;
      const body = Buffer.from(JSON.stringify(fields));
      await accept(
        { ...request, body },
        { wire: 'v1/webhook', call: 'webhook', format: 'json', key_in_query: true },
      );
      return SUCCESS;
    },
  };

  const files: Wire = {
    method: 'POST',
    path: '/v1/import',
    answer: async (request) => {
      const format = formatOf(request.header('content-type'));
      const { received, accepted, filtered, quarantined, problems } = await accept(request, {
        wire: 'v1/import',
        call: 'batch',
        format,
      });
      const counted = format === 'json' ? 'index' : 'line';
      const told = problems.map(({ at, ...problem }) => ({ [counted]: at, ...problem }));
      return jsonReply({ success: true, received, accepted, filtered, quarantined, problems: told });
    },
  };

  return [...calls, ...pixels, beacon, webhook, webhookByGet, files];
}

function collectRequest(request: WireRequest, { key_in_query = false, ...shape }: Shape): CollectRequest {
  return {
    ...shape,
    body: request.body,
    query: request.query,
    authorization: request.header('authorization'),
    write_key: key_in_query ? (request.query['writeKey'] ?? '') : '',
    ip: request.ip,
    user_agent: request.header('user-agent'),
    gpc: saysGpc(request),
    sent_at: request.header('sentat'),
    delivery_id: shape.call === 'webhook' ? deliveryId(request) : '',
  };
}

/** Global Privacy Control: only the exact value `1` counts; sent more than once, one `1` is enough. */
const saysGpc = (request: WireRequest): boolean =>
  request.header('sec-gpc') !== '' && request.headerValues('sec-gpc').includes('1');

function deliveryId(request: WireRequest): string {
  for (const name of DELIVERY_ID_HEADERS) {
    const value = request.header(name);
    if (value !== '' && value.length <= DELIVERY_ID_MAX) return value;
  }
  return '';
}

function formatOf(content_type: string): 'json' | 'csv' | 'ndjson' {
  const type = content_type.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  if (type === 'text/csv') return 'csv';
  if (type === 'application/x-ndjson' || type === 'application/ndjson' || type === 'application/jsonl')
    return 'ndjson';
  return 'json';
}
