import type { Logger } from '../../kernel/logger.ts';
import { splitStoreUrl } from '../store-url.ts';
import type { EventLog } from './port.ts';
import { openSegmentEventLog } from './segments.ts';

/**
 * Opens the event log that `url` names: `segments:./data/log` (a folder, made when missing). Refuses other schemes with
 * `invalid_input`.
 */
export async function openEventLog(url: string, deps: { readonly logger: Logger }): Promise<EventLog> {
  const { rest } = splitStoreUrl(url, 'event log', ['segments']);
  return openSegmentEventLog(rest, deps);
}
