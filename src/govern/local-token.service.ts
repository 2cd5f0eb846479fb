import { timingSafeEqual } from 'node:crypto';
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { digest, newSecret } from '../kernel/ids.ts';
import type { Actor } from '../kernel/operation.ts';

/**
 * Lets the command line on this machine in: whoever may read the data folder may administer it. A new secret at
 * every start, in `<data_dir>/local-token`, readable by the account that runs the server only.
 */
export interface LocalToken {
  /** The local administrator when `secret` is the token of this start, else null. */
  byLocalToken(secret: string): Actor | null;
}

export const LOCAL_ACTOR: Actor = { id: 'local', name: 'command line', kind: 'local', roles: ['admin'] };

export async function writeLocalToken(data_dir: string): Promise<LocalToken> {
  const secret = `pll_${newSecret()}`;
  await mkdir(data_dir, { recursive: true });
  const file = join(data_dir, 'local-token');
  const fresh = `${file}.${process.pid}`;
  await writeFile(fresh, `${secret}\n`, { mode: 0o600 });
  await rename(fresh, file);
  const expected = Buffer.from(digest(secret));
  return {
    byLocalToken: (given) => (timingSafeEqual(Buffer.from(digest(given)), expected) ? LOCAL_ACTOR : null),
  };
}
