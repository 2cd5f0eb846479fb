/** A request's body in any of its formats -> the items it carries and what it says about all of them. */
import { readCsv } from '../../kernel/csv.ts';
import { AppError } from '../../kernel/errors.ts';
import { newUuid } from '../../kernel/ids.ts';
import type { EventType } from '../contract.ts';
import { isJsonObject, type JsonObject } from '../normalise/json-object.ts';
import { nameOfType } from '../normalise/normalise-item.ts';
import type { CollectRequest } from './collect-request.ts';
import { itemsOfTable, type TableItem } from './csv.ts';
import type { CollectLimits } from './limits.ts';
import { decodeText, parseJson } from './parse-json.ts';
import { readPath, setPath } from './set-path.ts';

export interface RequestItems {
  readonly items: readonly unknown[];
  /** Line of each item in the file, for tables; empty otherwise. */
  readonly lines: readonly number[];
  /** From the path; empty when each item says its own. */
  readonly type: EventType | '';
  readonly write_key: string;
  readonly sent_at: unknown;
  readonly context: JsonObject | undefined;
  readonly integrations: JsonObject | undefined;
}

/** Refuses what is not a request at all; what is wrong with single items is left to `normaliseItem()`. */
export function readItems(request: CollectRequest, limits: CollectLimits): RequestItems {
  if (request.body.length > limits.body_bytes_max) throw bodyTooLarge(limits);
  if (request.format === 'query') return single(itemOfQuery(request), request);
  const text = decodeText(request.body);
  if (request.format === 'csv')
    return ofTable(itemsOfTable(readCsv(text, limits.batch_items_max + 1), limits.depth_max), request);
  if (request.format === 'ndjson') return ofTable(itemsOfLines(text, limits), request);
  const body = parseJson(text, limits.depth_max);
  if (request.call === 'webhook') return ofWebhook(body, request, limits);
  if (!isJsonObject(body)) throw invalidBody(`The body must be an object, got ${nameOfType(body)}.`);
  return request.call === 'batch' ? ofBatch(body, request, limits) : single(body, request);
}

export const bodyTooLarge = (limits: CollectLimits): AppError =>
  new AppError('body_too_large', {
    message: `The body is larger than ${limits.body_bytes_max / 1_024} KiB after decompression.`,
    limit: limits.body_bytes_max,
  });

const invalidBody = (message: string, field?: string): AppError =>
  new AppError('invalid_body', field === undefined ? { message } : { message, field });

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

function single(item: JsonObject, request: CollectRequest): RequestItems {
  return {
    items: [item],
    lines: [],
    type: request.call === 'batch' || request.call === 'webhook' ? '' : request.call,
    write_key: textOf(item['writeKey']),
    sent_at: request.sent_at === '' ? undefined : request.sent_at,
    context: undefined,
    integrations: undefined,
  };
}

function ofBatch(body: JsonObject, request: CollectRequest, limits: CollectLimits): RequestItems {
  const items = body['batch'];
  if (!Array.isArray(items))
    throw invalidBody(
      `batch must be an array, got ${items === undefined ? 'nothing' : nameOfType(items)}.`,
      'batch',
    );
  checkCount(items.length, limits);
  for (const field of ['context', 'integrations']) {
    const value = body[field] ?? undefined;
    if (value !== undefined && !isJsonObject(value))
      throw invalidBody(`${field} must be an object, got ${nameOfType(value)}.`, field);
  }
  return {
    items,
    lines: [],
    type: '',
    write_key: textOf(body['writeKey']),
    sent_at: body['sentAt'] ?? (request.sent_at === '' ? undefined : request.sent_at),
    context: isJsonObject(body['context']) ? body['context'] : undefined,
    integrations: isJsonObject(body['integrations']) ? body['integrations'] : undefined,
  };
}

function checkCount(count: number, { batch_items_max }: CollectLimits): void {
  if (count === 0)
    throw new AppError('empty_batch', { message: 'The batch holds no events.', field: 'batch' });
  if (count > batch_items_max) {
    const message = `The batch holds ${count} events, the limit is ${batch_items_max}.`;
    throw new AppError('batch_too_long', { message, field: 'batch', limit: batch_items_max });
  }
}

function ofTable(table: readonly TableItem[], request: CollectRequest): RequestItems {
  if (table.length === 0) throw new AppError('empty_batch', { message: 'The file holds no events.' });
  return {
    items: table.map(({ item }) => item),
    lines: table.map(({ line }) => line),
    type: '',
    write_key: '',
    sent_at: request.sent_at === '' ? undefined : request.sent_at,
    context: undefined,
    integrations: undefined,
  };
}

/** One JSON value a line. A line that is not JSON becomes an item of bare text, and so is quarantined. */
function itemsOfLines(text: string, limits: CollectLimits): TableItem[] {
  const table: TableItem[] = [];
  for (const [i, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue;
    table.push({ line: i + 1, item: lenientJson(line, limits.depth_max) });
    if (table.length > limits.batch_items_max) checkCount(table.length, limits);
  }
  return table;
}

function lenientJson(line: string, depth_max: number): unknown {
  try {
    return parseJson(line, depth_max);
  } catch (error) {
    if (error instanceof AppError && error.code === 'invalid_json') return line;
    throw error;
  }
}

/** A pixel's query: `?writeKey=…&anonymousId=…&event=…&properties.plan=pro`. */
function itemOfQuery({ query }: CollectRequest): JsonObject {
  const item: JsonObject = {};
  for (const [name, value] of Object.entries(query))
    if (name !== 'writeKey') setPath(item, readPath(name), value);
  return item;
}

/**
 * Whatever another system posts becomes the properties of a track event. It is named by `?event=`, else by `event` or
 * `type` of the body. Without a person in it (userId, anonymousId) each delivery stands for itself.
 */
function ofWebhook(body: unknown, request: CollectRequest, limits: CollectLimits): RequestItems {
  const parts: unknown[] = Array.isArray(body) ? body : [body];
  checkCount(parts.length, limits);
  const { delivery_id, query } = request;
  const items = parts.map((part, i) => {
    if (!isJsonObject(part)) return part;
    const named = [query['event'], part['event'], part['type']].find(
      (name) => typeof name === 'string' && name !== '',
    );
    const { writeKey: _, ...properties } = part;
    const userId = query['userId'] ?? part['userId'];
    return {
      type: 'track',
      event: named ?? 'Webhook Received',
      messageId:
        part['messageId'] ??
        (delivery_id === '' ? undefined : parts.length === 1 ? delivery_id : `${delivery_id}:${i}`),
      userId,
      anonymousId:
        query['anonymousId'] ?? part['anonymousId'] ?? ((userId ?? '') === '' ? newUuid() : undefined),
      properties,
    };
  });
  const write_key = isJsonObject(body) ? textOf(body['writeKey']) : '';
  return {
    items,
    lines: [],
    type: '',
    write_key,
    sent_at: undefined,
    context: undefined,
    integrations: undefined,
  };
}
