import type { Logger } from '../../kernel/logger.ts';
import { splitStoreUrl } from '../store-url.ts';
import type { ControlDb } from './port.ts';
import { openSqliteControlDb } from './sqlite.ts';

/**
 * Opens the control database that `url` names: `sqlite:./data/control.db`. The folder is made when missing. Refuses
 * other schemes with `invalid_input`.
 */
export async function openControlDb(url: string, deps: { readonly logger: Logger }): Promise<ControlDb> {
  const { rest } = splitStoreUrl(url, 'control database', ['sqlite']);
  return openSqliteControlDb(rest, deps);
}
