import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { startLive } from './live.ts';
import { createMarket } from './market.ts';

interface Received {
  readonly key: string;
  readonly path: string;
  readonly event: Record<string, unknown> & { properties?: Record<string, unknown> };
}

const received: Received[] = [];
const server = createServer((request, response) => {
  let text = '';
  request.on('data', (part) => {
    text += part;
  });
  request.on('end', () => {
    const key = Buffer.from(String(request.headers.authorization).slice(6), 'base64').toString();
    for (const event of JSON.parse(text).batch) received.push({ key, path: request.url ?? '', event });
    response.end('{"success":true}');
  });
});
afterEach(() => server.close());

test('visitors of the market arrive through the client, some of it broken, repeated and late', async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const market = createMarket({ seed: 2, people: 300, days: 10, start_day: '2026-03-01' });
  const stop = new AbortController();
  const live = startLive({
    market,
    host: `http://127.0.0.1:${port}`,
    write_keys: { web: 'wk_web', server: 'wk_server' },
    events_per_s: 400,
    visitors: 8,
    fault_share: 0.3,
    bot_share: 0.2,
    signal: stop.signal,
  });
  while (live.counters.delivered < 600) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  const counters = await live.done;

  expect(received.length).toBe(counters.delivered);
  expect(counters.failed).toBe(0);
  expect(counters.sent).toBe(counters.delivered);
  expect(received.every((r) => r.path === '/v1/batch' && ['wk_web:', 'wk_server:'].includes(r.key))).toBe(
    true,
  );
  const ids = received.map((r) => r.event['messageId']);
  expect(ids.length - new Set(ids).size).toBe(counters.faults.duplicate);
  expect(counters.faults.duplicate).toBeGreaterThan(0);
  expect(received.filter((r) => typeof r.event.properties?.['price'] === 'string').length).toBe(
    counters.faults.price_as_text,
  );
  expect(counters.faults.price_as_text).toBeGreaterThan(0);
  const late = received.filter((r) => Date.now() - Date.parse(String(r.event['timestamp'])) > 25 * 60_000);
  expect(late.length).toBe(counters.faults.late);
  expect(counters.visits).toBeGreaterThan(0);
  expect(counters.bots).toBeGreaterThan(0);
  const known = new Set(market.people.map((p) => p.user_id));
  expect(
    received.every(
      (r) =>
        r.event['userId'] === undefined || r.event['userId'] === null || known.has(String(r.event['userId'])),
    ),
  ).toBe(true);
});
