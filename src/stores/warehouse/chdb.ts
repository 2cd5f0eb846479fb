import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { Session } from 'chdb';
import type { Logger } from '../../kernel/logger.ts';
import { render } from '../../kernel/sql.ts';
import { storeFault } from '../store-error.ts';
import { DEFAULT_TIMEOUT_MS, insertSettings, SESSION_SETTINGS, TABLE_SETTINGS } from './engine-settings.ts';
import type { Warehouse } from './port.ts';
import { createSessionPool } from './session-pool.ts';
import { refusalOf } from './warehouse-error.ts';

const DATABASE = 'plumbline';
/** A working session holds a thread of libuv's pool: the queries must leave one of its four for kills and files. */
const INSERT_SESSIONS = 2;
const QUERY_SESSIONS = 3;
const KILL_AGAIN_MS = 100;
const MARK_CACHE_BYTES = 128 * 1_048_576;
const QUERY_MEMORY_BYTES = 2 * 1_073_741_824;

/**
 * The warehouse inside this process (chDB: ClickHouse as a library). Inserts and queries have sessions of their own,
 * so that a long report never holds back the pipeline; one more session only kills queries and answers `ping`.
 * A running query cannot be cancelled from JavaScript: it carries a mark, and `KILL QUERY` finds it by that.
 */
export async function openChdbWarehouse(path: string, deps: { readonly logger: Logger }): Promise<Warehouse> {
  const folder = resolve(path);
  const sessions = await openSessions(folder, INSERT_SESSIONS + QUERY_SESSIONS + 1);
  const [control, ...rest] = sessions as [Session, ...Session[]];
  const inserts = createSessionPool(rest.slice(0, INSERT_SESSIONS));
  const queries = createSessionPool(rest.slice(INSERT_SESSIONS));
  const mark = `q${process.pid}_`;
  let marks = 0;
  let control_tail: Promise<unknown> = Promise.resolve();
  let closing: Promise<void> | undefined;

  const onControl = (text: string): Promise<string> => {
    const answer = control_tail.then(() => run(control, text));
    control_tail = answer.catch(() => undefined);
    return answer;
  };
  const kill = async (prefix: string): Promise<void> => {
    await onControl(`KILL QUERY WHERE startsWith(query, '/*${prefix}') ASYNC`).catch((error: unknown) => {
      deps.logger.warn({ store: 'warehouse', error: codeOf(error) }, 'could not stop a query');
    });
  };
  const refuseClosed = (): void => {
    if (closing !== undefined) throw storeFault('store_unavailable', 'The warehouse is closed.');
  };

  /** Runs SQL, and refuses at its time limit: at once while it waits for a session, else when the engine has let go. */
  const runMarked = (text: string, timeout_ms: number | undefined): Promise<string> => {
    let late = false;
    let stop: (() => void) | undefined;
    const work = queries.use(async (session) => {
      refuseClosed();
      if (late) return '';
      const id = `${mark}${++marks}*/`;
      let again: NodeJS.Timeout | undefined;
      stop = () => {
        // The engine may not know the query yet when the first kill comes.
        again = setInterval(() => void kill(id), KILL_AGAIN_MS);
        void kill(id);
      };
      try {
        return await run(session, `/*${id} ${text}`);
      } finally {
        stop = undefined;
        clearInterval(again);
      }
    });
    return new Promise((resolve, reject) => {
      const refusal = () =>
        storeFault('store_unavailable', `The query took longer than ${timeout_ms} ms and was stopped.`);
      const onLate = (): void => {
        late = true;
        if (stop === undefined) reject(refusal());
        else stop();
      };
      const timer = timeout_ms === undefined ? undefined : setTimeout(onLate, timeout_ms);
      work
        .then(resolve, (error: unknown) => reject(late ? refusal() : refusalOf(error)))
        .finally(() => clearTimeout(timer));
    });
  };

  const close = async (): Promise<void> => {
    while (queries.busy() > 0) {
      await kill(mark);
      await Promise.race([queries.idle(), new Promise((resolve) => setTimeout(resolve, 50))]);
    }
    await inserts.idle();
    await control_tail;
    for (const session of sessions) session.close();
  };

  return {
    query: async <Row>(query: Parameters<Warehouse['query']>[0], options: { timeout_ms?: number } = {}) => {
      refuseClosed();
      const text = await runMarked(
        render(query, 'clickhouse-literal').text,
        options.timeout_ms ?? DEFAULT_TIMEOUT_MS,
      );
      return rowsOf<Row>(text);
    },
    insert: async (into, lines, { token } = {}) => {
      refuseClosed();
      if (lines.length === 0) return;
      const settings = insertSettings(token);
      const values = Buffer.from(lines.join('\n'));
      await inserts
        .use((session) => session.insert({ table: into.name, values, format: 'JSONEachRow', settings }))
        .catch(refuse);
    },
    execute: async (statement) => {
      refuseClosed();
      await runMarked(render(statement, 'clickhouse-literal').text, undefined);
    },
    ping: async () => {
      refuseClosed();
      await onControl('SELECT 1').catch(refuse);
    },
    close: () => (closing ??= close()),
  };
}

async function openSessions(folder: string, count: number): Promise<Session[]> {
  mkdirSync(folder, { recursive: true });
  const config = `${folder}/plumbline-engine.xml`;
  writeFileSync(config, engineConfig());
  const sessions: Session[] = [];
  try {
    for (let i = 0; i < count; i++)
      sessions.push(new Session(folder, { connectionArgs: [`--config-file=${config}`] }));
    const settings = { ...SESSION_SETTINGS, max_memory_usage: QUERY_MEMORY_BYTES };
    const set = Object.entries(settings).map(
      ([name, value]) => `${name} = ${typeof value === 'number' ? value : `'${value}'`}`,
    );
    for (const session of sessions) {
      await run(session, `CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic`);
      await run(session, `USE ${DATABASE}`);
      await run(session, `SET ${set.join(', ')}`);
    }
    return sessions;
  } catch (error) {
    for (const session of sessions) session.close();
    const holder = holderOf(folder);
    if (holder === undefined) throw refusalOf(error);
    const message = `Process ${holder} has the warehouse folder ${folder} open. Stop it, or name another data folder.`;
    throw storeFault('store_unavailable', message, error);
  }
}

/** The engine writes its process id into `status` while it holds a folder; its own error does not say who. */
function holderOf(folder: string): number | undefined {
  try {
    const pid = Number(/^PID: (\d+)/.exec(readFileSync(`${folder}/status`, 'utf8'))?.[1]);
    if (!Number.isInteger(pid) || pid === process.pid) return undefined;
    process.kill(pid, 0);
    return pid;
  } catch {
    return undefined;
  }
}

const engineConfig = (): string => {
  const table = Object.entries(TABLE_SETTINGS).map(([name, value]) => `<${name}>${value}</${name}>`);
  return `<clickhouse>
<timezone>UTC</timezone>
<mark_cache_size>${MARK_CACHE_BYTES}</mark_cache_size>
<index_mark_cache_size>${MARK_CACHE_BYTES}</index_mark_cache_size>
<merge_tree>${table.join('')}</merge_tree>
</clickhouse>
`;
};

const run = async (session: Session, text: string): Promise<string> =>
  (await session.queryAsync(text, { format: 'JSONEachRow' })).text();

const refuse = (error: unknown): never => {
  throw refusalOf(error);
};

/** One row a line; a line break inside a value is escaped by JSON, so that each one here ends a row. */
const rowsOf = <Row>(text: string): Row[] =>
  text === '' ? [] : (JSON.parse(`[${text.trimEnd().replaceAll('\n', ',')}]`) as Row[]);

const codeOf = (error: unknown): number | undefined =>
  error instanceof Error && 'clickhouseCode' in error ? Number(error.clickhouseCode) : undefined;
