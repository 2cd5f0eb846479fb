import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Session } from 'chdb';

/**
 * A ClickHouse server as far as the HTTP adapter uses one, over the embedded engine: statements and settings in the
 * address or the body, query ids that can be killed. It stands in where no server is installed; it knows
 * nothing of users, compression and clusters.
 */
export async function startHttpServer(
  folder: string,
): Promise<{ url(database: string): string; close(): Promise<void> }> {
  const sessions = Array.from({ length: 8 }, () => new Session(folder));
  const free = [...sessions];
  const waiting: ((session: Session) => void)[] = [];
  const take = (): Promise<Session> => {
    const session = free.pop();
    return session === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(session);
  };
  const control = new Session(folder);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks);
    const asked = new URL(request.url ?? '/', 'http://localhost').searchParams;
    const inAddress = asked.get('query');
    const text = inAddress ?? body.toString();
    try {
      if (text.startsWith('KILL QUERY'))
        await control.queryAsync(text.replace(/query_id = '([^']*)'/, "startsWith(query, '/*$1*/')"));
      else {
        const session = await take();
        try {
          response.end(await run(session, { text, data: inAddress === null ? undefined : body, asked }));
        } finally {
          const next = waiting.shift();
          if (next === undefined) free.push(session);
          else next(session);
        }
      }
      response.end();
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      const code = /Code: (\d+)/.exec(message)?.[1] ?? '1002';
      response.writeHead(500, { 'X-ClickHouse-Exception-Code': code }).end(message);
    }
  };

  const server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: (database) => {
      const name = `d${createHash('sha1').update(database).digest('hex').slice(0, 12)}`;
      sessions[0]?.query(`CREATE DATABASE IF NOT EXISTS ${name} ENGINE = Atomic`);
      return `http://127.0.0.1:${port}/${name}`;
    },
    close: async () => {
      await closeServer(server);
      for (const session of [...sessions, control]) session.close();
    },
  };
}

interface Asked {
  readonly text: string;
  readonly data: Buffer | undefined;
  readonly asked: URLSearchParams;
}

const NO_SETTINGS = new Set([
  'query',
  'database',
  'query_id',
  'wait_end_of_query',
  'session_id',
  'default_format',
]);

async function run(session: Session, { text, data, asked }: Asked): Promise<Uint8Array> {
  const settings = [...asked].filter(([name]) => !NO_SETTINGS.has(name));
  await session.queryAsync(`USE ${asked.get('database') ?? 'default'}`);
  const kept = settings.filter(([name]) => !/^(enable_http|http_|send_progress|cancel_http)/.test(name));
  const insert = /^INSERT INTO (\w+) FORMAT JSONEachRow/.exec(text.trim());
  if (insert?.[1] !== undefined && data !== undefined) {
    if (data.length > 0)
      await session.insert({
        table: insert[1],
        values: data,
        format: 'JSONEachRow',
        settings: Object.fromEntries(kept),
      });
    return new Uint8Array();
  }
  if (kept.length > 0)
    await session.queryAsync(`SET ${kept.map(([name, value]) => `${name} = '${value}'`).join(', ')}`);
  const result = await session.queryAsync(`/*${asked.get('query_id')}*/ ${text}`, { format: 'JSONEachRow' });
  return result.bytes();
}

const closeServer = (server: Server): Promise<void> =>
  new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
