/** The collection wires on a listening server over a real log, for tests. */
import fastify from 'fastify';
import { KEY, openTestCollector, type TestCollector } from '../collect/accept/fixture-collector.ts';
import type { Source } from '../collect/sources/source.ts';
import { createWires } from '../collect/wire/create-wires.ts';
import { collectRoutes } from './collect-routes.ts';

export interface CollectServer extends Omit<TestCollector, 'close'> {
  readonly address: string;
  /** POST with the test source's key, unless the headers say otherwise. */
  post(path: string, body: string | Buffer, headers?: Record<string, string>): Promise<Response>;
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  close(): Promise<void>;
}

export const BASIC = { authorization: `Basic ${Buffer.from(`${KEY}:`).toString('base64')}` };

export async function openCollectServer(
  sources: readonly Source[],
  over: Parameters<typeof openTestCollector>[1] = {},
): Promise<CollectServer> {
  const shop = await openTestCollector(sources, over);
  const { collector, clock } = shop;
  const wires = createWires({
    collector,
    sources: shop.sources,
    clock,
    version: '0.1.0',
    accepting: () =>
      shop.log.ping().then(
        () => true,
        () => false,
      ),
  });
  const app = fastify();
  await app.register(
    collectRoutes({ wires, body_bytes_max: collector.limits.body_bytes_max, body_timeout_ms: 300 }),
  );
  const address = await app.listen({ port: 0, host: '127.0.0.1' });
  return {
    ...shop,
    address,
    post: (path, body, headers = BASIC) =>
      fetch(address + path, { method: 'POST', body: new Uint8Array(Buffer.from(body)), headers }),
    get: (path, headers = {}) => fetch(address + path, { headers }),
    close: async () => {
      await app.close();
      await shop.close();
    },
  };
}
