import { mkdirSync } from 'node:fs';
import { resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { storeFault } from './store-error.ts';

/**
 * Holds a folder for this opening alone, until released or until the process ends, however it ends. Node has no file
 * locks, SQLite has: an empty database is opened exclusively. Refuses with `code` when somebody else holds the folder.
 */
export function lockFolder(path: string, code: 'log_unavailable' | 'store_unavailable'): { release(): void } {
  const folder = resolve(path);
  mkdirSync(folder, { recursive: true });
  const lock = new DatabaseSync(`${folder}/lock`, { timeout: 0 });
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    throw storeFault(
      code,
      `The folder ${folder} is open already, in this process or another. Stop it, or name another data folder.`,
      error,
    );
  }
  return { release: () => lock.close() };
}
