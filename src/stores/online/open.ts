import type { Clock } from '../../kernel/clock.ts';
import type { Logger } from '../../kernel/logger.ts';
import { splitStoreUrl } from '../store-url.ts';
import { openLmdbOnlineStore } from './lmdb.ts';
import type { OnlineStore } from './port.ts';

/**
 * Opens the online store that `url` names: `lmdb:./data/online` (a folder, made when missing). Refuses other schemes
 * with `invalid_input`.
 */
export async function openOnlineStore(
  url: string,
  deps: { readonly clock: Clock; readonly logger: Logger },
): Promise<OnlineStore> {
  const { rest } = splitStoreUrl(url, 'online store', ['lmdb']);
  return openLmdbOnlineStore(rest, deps);
}
