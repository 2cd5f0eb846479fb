import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { page } from './page.ts';

/** Answers with the console's page, whatever the address. */
export type SendPage = (reply: FastifyReply) => FastifyReply;

/**
 * Serves the built console at every address that no other route takes. Hashed files never change, so browsers keep
 * them; the page itself is asked for each time. Without a build, every page says how to make one.
 */
export async function mountConsole(
  app: FastifyInstance,
  { dist, taken }: { readonly dist: string; readonly taken: (url: string) => boolean },
): Promise<SendPage> {
  const root = resolve(dist);
  const assets = join(root, 'assets');
  await app.register(fastifyStatic, {
    root,
    serve: false,
    cacheControl: false,
    setHeaders: (reply, path) => {
      const hashed = path.startsWith(assets);
      reply.header('cache-control', hashed ? 'public, max-age=31536000, immutable' : 'no-cache');
    },
  });

  // Looked at each time: the console may be built while the server runs.
  const sendPage: SendPage = (reply) =>
    existsSync(join(root, 'index.html'))
      ? reply.sendFile('index.html')
      : reply.header('cache-control', 'no-cache').type('text/html; charset=utf-8').send(NOT_BUILT);

  app.get('/*', async (request, reply) => {
    const path = pathOf(request);
    if (taken(request.url)) return reply.callNotFound();
    return isPage(request, path) ? sendPage(reply) : reply.sendFile(path);
  });
  return sendPage;
}

const pathOf = (request: FastifyRequest): string =>
  `/${(request.params as Record<string, string>)['*'] ?? ''}`;

/** A page is asked for by a browser's navigation, not by a script, and has no ending like a file. */
const isPage = (request: FastifyRequest, path: string): boolean =>
  !/^\/(api|v1|assets)(\/|$)/.test(path) &&
  !/\.\w+$/.test(path) &&
  /text\/html|^$/.test(request.headers.accept ?? '');

const NOT_BUILT = page(
  'Console not built',
  `<h1>The console is not built yet</h1>
<p>The server runs. Build the console once, then reload this page:</p>
<pre>npm run console:build</pre>
<p>Meanwhile the <a href="/api/docs">API</a> and the command line work.</p>`,
);
