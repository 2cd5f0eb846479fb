import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A page of another origin than the server's, which loads the scripts given by their paths. */
export interface OtherSite {
  readonly url: string;
  close(): Promise<void>;
}

export async function openOtherSite(scripts: Readonly<Record<string, string | Buffer>>): Promise<OtherSite> {
  const tags = Object.keys(scripts).map((path) => `<script src="${path}"></script>`);
  const page = `<!doctype html><title>Shop</title><link rel="icon" href="data:,">${tags.join('')}`;
  const server = createServer(({ url = '' }, response) => {
    const script = scripts[url];
    response.setHeader('content-type', script === undefined ? 'text/html; charset=utf-8' : 'text/javascript');
    response.end(script ?? page);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
