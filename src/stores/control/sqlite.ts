import { AsyncLocalStorage } from 'node:async_hooks';
import { mkdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { assert } from '../../kernel/errors.ts';
import type { Logger } from '../../kernel/logger.ts';
import { render, type Sql, type SqlValue } from '../../kernel/sql.ts';
import { isStoreFault, storeFault } from '../store-error.ts';
import type { ControlDb, ControlTransaction } from './port.ts';

const KEPT_STATEMENTS = 300;

/**
 * The control database on SQLite: WAL, every commit with fsync. Calls wait in one queue, so that what runs outside a
 * transaction never lands inside one.
 */
export function openSqliteControlDb(path: string, deps: { readonly logger: Logger }): ControlDb {
  const db = openFile(path);
  const queue = createQueue();
  const inside = new AsyncLocalStorage<{ open: boolean }>();
  const statements = new Map<string, StatementSync>();
  let closed = false;

  const prepare = (text: string): StatementSync => {
    const known = statements.get(text);
    if (known !== undefined) return known;
    const statement = db.prepare(text);
    statements.set(text, statement);
    const oldest = statements.keys().next().value;
    if (statements.size > KEPT_STATEMENTS && oldest !== undefined) statements.delete(oldest);
    return statement;
  };

  const direct: ControlTransaction = {
    all: async <Row>(query: Sql) => {
      const { text, params } = render(query, 'sqlite');
      return guard(() => prepare(text).all(...params.map(bind)) as Row[]);
    },
    one: async <Row>(query: Sql) => {
      const { text, params } = render(query, 'sqlite');
      return guard(() => prepare(text).get(...params.map(bind)) as Row | undefined);
    },
    run: async (statement) => {
      const { text, params } = render(statement, 'sqlite');
      return guard(() => Number(prepare(text).run(...params.map(bind)).changes));
    },
  };

  const turn = <T>(work: () => Promise<T>): Promise<T> => {
    assert(inside.getStore()?.open !== true, 'inside a transaction use its own handle, not the database');
    return queue(async () => {
      if (closed) throw storeFault('store_unavailable', 'The control database is closed.');
      return work();
    });
  };

  const transaction = <T>(work: (tx: ControlTransaction) => Promise<T>): Promise<T> =>
    turn(async () => {
      const state = { open: true };
      const live =
        <A, R>(run: (query: A) => Promise<R>) =>
        (query: A): Promise<R> => {
          assert(state.open, 'a transaction was used after its end');
          return run(query);
        };
      const tx: ControlTransaction = {
        all: <Row>(query: Sql) => live((q: Sql) => direct.all<Row>(q))(query),
        one: <Row>(query: Sql) => live((q: Sql) => direct.one<Row>(q))(query),
        run: live(direct.run),
      };
      guard(() => db.exec('BEGIN IMMEDIATE'));
      try {
        const result = await inside.run(state, () => work(tx));
        guard(() => db.exec('COMMIT'));
        return result;
      } catch (error) {
        // A full disk makes SQLite roll back by itself; a second ROLLBACK would hide the first error.
        if (db.isTransaction) db.exec('ROLLBACK');
        throw error;
      } finally {
        state.open = false;
      }
    });

  return {
    all: (query) => turn(() => direct.all(query)),
    one: (query) => turn(() => direct.one(query)),
    run: (statement) => turn(() => direct.run(statement)),
    transaction,
    script: (text) => transaction(async () => guard(() => db.exec(text))),
    ping: () => turn(async () => guard(() => void prepare('SELECT 1').get())),
    close: () =>
      queue(async () => {
        if (closed) return;
        closed = true;
        statements.clear();
        db.close();
        deps.logger.debug({ store: 'control' }, 'store closed');
      }),
  };
}

function openFile(path: string): DatabaseSync {
  mkdirSync(dirname(path), { recursive: true });
  return guard(() => {
    const db = new DatabaseSync(path, { timeout: 5_000, enableForeignKeyConstraints: true });
    db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY');
    return db;
  });
}

/** Full disk, failing disk and a lock that another process holds become `store_unavailable`; the rest is a bug. */
function guard<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (isStoreFault(error))
      throw storeFault('store_unavailable', 'The control database cannot write or is locked.', error);
    throw error;
  }
}

function bind(value: SqlValue): SQLInputValue {
  if (typeof value === 'boolean') return value ? 1 : 0;
  assert(!Array.isArray(value), 'the control database takes no lists: bind each value, or JSON text');
  return value as SQLInputValue;
}

/** Runs one work after the other, in the order of the calls. */
function createQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let tail: Promise<unknown> = Promise.resolve();
  return (work) => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
}
