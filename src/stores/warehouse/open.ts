import type { Logger } from '../../kernel/logger.ts';
import { splitStoreUrl } from '../store-url.ts';
import { openChdbWarehouse } from './chdb.ts';
import { openClickHouseWarehouse } from './clickhouse-http.ts';
import type { Warehouse } from './port.ts';

/**
 * Opens the warehouse that `url` names: `chdb:./data/warehouse` (a folder, made when missing) or a ClickHouse server,
 * `https://user:password@host:8443/database`. Refuses other schemes with `invalid_input`, and a folder that another
 * process holds with `store_unavailable`.
 */
export async function openWarehouse(url: string, deps: { readonly logger: Logger }): Promise<Warehouse> {
  const { scheme, rest } = splitStoreUrl(url, 'warehouse', ['chdb', 'http', 'https']);
  return scheme === 'chdb' ? openChdbWarehouse(rest, deps) : openClickHouseWarehouse(url, deps);
}
