import { AppError, type ErrorCode } from '../kernel/errors.ts';

/** Codes of SQLite, LMDB and the operating system that pass by themselves or once space is made. */
const TEMPORARY =
  /ENOSPC|EDQUOT|EIO|EROFS|EMFILE|ENFILE|ENOMEM|MDB_MAP_FULL|MDB_MAP_RESIZED|MDB_PANIC|MDB_TXN_FULL|MDB_READERS_FULL|No space left|Input\/output error|environment mapsize|database or disk is full|disk I\/O error|database is locked|Disk quota/i;

/** True when the store could not do its work for want of space, memory or a sound disk: not a bug of the caller. */
export const isStoreFault = (error: unknown): boolean =>
  error instanceof Error && TEMPORARY.test(`${'code' in error ? String(error.code) : ''} ${error.message}`);

/** The refusal for a store that cannot work now: `log_unavailable` or `store_unavailable`, to be tried again in 5 s. */
export const storeFault = (
  code: ErrorCode & ('log_unavailable' | 'store_unavailable'),
  message: string,
  cause?: unknown,
): AppError => {
  const error = new AppError(code, { message, retry_after_s: 5 });
  if (cause !== undefined) error.cause = cause;
  return error;
};
