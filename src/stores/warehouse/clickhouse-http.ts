import { Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { newUuid } from '../../kernel/ids.ts';
import type { Logger } from '../../kernel/logger.ts';
import { render, type Sql, sql } from '../../kernel/sql.ts';
import { storeFault } from '../store-error.ts';
import { DEFAULT_TIMEOUT_MS, insertSettings, SESSION_SETTINGS } from './engine-settings.ts';
import type { QueryOptions, Warehouse } from './port.ts';
import { refusalOf } from './warehouse-error.ts';

/** The client gives up on a request after this; queries have their own limit below it, mutations take their time. */
const REQUEST_TIMEOUT_MS = 3_600_000;
const PROGRESS_INTERVAL_MS = '30000';
const KILL_AGAIN_MS = 100;

/**
 * The warehouse on a ClickHouse server, by its HTTP interface. `url` carries user, password and database. Values go
 * as literals, as in the embedded engine: parameters travel in the address, and dates in them are read less well. That inserts reach the disk before they resolve is a matter of the tables' settings
 * (`fsync_after_insert`, `fsync_part_directory`, `non_replicated_deduplication_window`), which the embedded adapter
 * gives to every table and a server must have in its configuration.
 */
export async function openClickHouseWarehouse(
  url: string,
  deps: { readonly logger: Logger },
): Promise<Warehouse> {
  const client = createClient({
    url,
    request_timeout: REQUEST_TIMEOUT_MS,
    // Headers now and then keep proxies from cutting a long mutation off.
    clickhouse_settings: {
      ...SESSION_SETTINGS,
      cancel_http_readonly_queries_on_client_close: 1,
      send_progress_in_http_headers: 1,
      http_headers_progress_interval_ms: PROGRESS_INTERVAL_MS,
    },
    // Its own log would print addresses and queries.
    log: { level: ClickHouseLogLevel.OFF },
  });
  const running = new Set<string>();
  const inserting = new Set<Promise<unknown>>();
  let closing: Promise<void> | undefined;

  const refuseClosed = (): void => {
    if (closing !== undefined) throw storeFault('store_unavailable', 'The warehouse is closed.');
  };
  const kill = async (query_id: string): Promise<void> => {
    await client
      .command({ query: textOf(sql`KILL QUERY WHERE query_id = ${query_id} ASYNC`) })
      .catch(() => deps.logger.warn({ store: 'warehouse' }, 'could not stop a query'));
  };
  const refuse = (error: unknown): never => {
    throw refusalOf(error);
  };
  const ping = async (): Promise<void> => {
    refuseClosed();
    const answer = await client.ping({ select: true });
    if (!answer.success) refuse(answer.error);
  };

  const query = async <Row>(
    ask: Parameters<Warehouse['query']>[0],
    { timeout_ms = DEFAULT_TIMEOUT_MS }: QueryOptions = {},
  ): Promise<Row[]> => {
    refuseClosed();
    const query_id = newUuid();
    const abort = new AbortController();
    running.add(query_id);
    const timer = setTimeout(() => {
      void kill(query_id);
      abort.abort();
    }, timeout_ms);
    try {
      const result = await client.query({
        query: textOf(ask),
        query_id,
        format: 'JSONEachRow',
        abort_signal: abort.signal,
      });
      return await result.json<Row>();
    } catch (error) {
      if (abort.signal.aborted)
        throw storeFault('store_unavailable', `The query took longer than ${timeout_ms} ms and was stopped.`);
      throw refusalOf(error);
    } finally {
      clearTimeout(timer);
      running.delete(query_id);
    }
  };

  /** The client's own insert would want objects, and make the text anew. */
  const send = async (statement: string, body: Buffer, token: string | undefined): Promise<void> => {
    const { stream } = await client.exec({
      query: statement,
      values: Readable.from([body]),
      // Without it the server answers 200 before it has read everything.
      clickhouse_settings: { ...insertSettings(token), wait_end_of_query: 1 },
    });
    await finished(stream.resume());
  };

  await ping();
  return {
    query,
    insert: async (into, lines, { token } = {}) => {
      refuseClosed();
      if (lines.length === 0) return;
      const insert = send(
        `INSERT INTO ${into.name} FORMAT JSONEachRow`,
        Buffer.from(lines.join('\n')),
        token,
      );
      inserting.add(insert);
      await insert.catch(refuse).finally(() => inserting.delete(insert));
    },
    execute: async (statement) => {
      refuseClosed();
      await client.command({ query: textOf(statement) }).catch(refuse);
    },
    ping,
    close: () => {
      closing ??= (async () => {
        while (running.size > 0) {
          await Promise.all([...running].map(kill));
          // A server may not know a query yet when the first kill comes.
          await new Promise((resolve) => setTimeout(resolve, KILL_AGAIN_MS));
        }
        await Promise.allSettled(inserting);
        await client.close();
      })();
      return closing;
    },
  };
}

const textOf = (statement: Sql): string => render(statement, 'clickhouse-literal').text;
