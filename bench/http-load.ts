/**
 * HTTP/1.1 load over raw keep-alive sockets: each connection sends a request, waits for the answer, and sends the next,
 * at once or when its turn at the wanted rate comes. Cheaper than an HTTP client, so that the server gets the machine.
 */
import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly authorization: string;
  readonly connections: number;
  /** Requests a second over all connections; as fast as they are answered when not given. */
  readonly requests_per_s?: number;
  /** Body of the next request and how many events are in it. */
  next(): { readonly body: string; readonly events: number };
  /** Called with each answer, before the next request of that connection. */
  answered?(status: number, body: string): void;
}

export interface LoadResult {
  readonly events: number;
  readonly requests: number;
  readonly refused: number;
  /**
   * Time to the last byte of the answer, ms, one for each accepted request: from the first byte sent, or at a wanted
   * rate from the moment when the request was due, so that a stall counts for all that it held up.
   */
  readonly latencies_ms: Float64Array;
}

/** Runs until `signal` aborts. A broken connection ends that connection only. */
export async function runLoad(options: LoadOptions, signal: AbortSignal): Promise<LoadResult> {
  const latencies: number[] = [];
  const counts = { events: 0, requests: 0, refused: 0 };
  const due = schedule(options.requests_per_s);
  await Promise.all(
    Array.from({ length: options.connections }, () => runConnection(options, due, signal, counts, latencies)),
  );
  return { ...counts, latencies_ms: Float64Array.from(latencies).sort() };
}

/** Gives out the moments at which requests are due, one after the other; now when there is no wanted rate. */
function schedule(requests_per_s: number | undefined): () => number {
  if (requests_per_s === undefined) return () => performance.now();
  const start_ms = performance.now();
  let given = 0;
  return () => start_ms + (1000 / requests_per_s) * given++;
}

type Counts = { events: number; requests: number; refused: number };

function runConnection(
  options: LoadOptions,
  due: () => number,
  signal: AbortSignal,
  counts: Counts,
  latencies: number[],
): Promise<void> {
  return new Promise((resolve) => {
    const socket = connect(options.port, options.host);
    socket.setNoDelay(true);
    let buffer = '';
    let sent_ms = 0;
    let events = 0;
    const write = () => {
      if (signal.aborted) return void socket.end();
      const request = options.next();
      events = request.events;
      socket.write(requestText(options, request.body));
    };
    const send = () => {
      sent_ms = due();
      const wait_ms = sent_ms - performance.now();
      if (wait_ms > 0) setTimeout(write, wait_ms);
      else write();
    };
    socket.on('connect', send);
    socket.on('data', (chunk) => {
      buffer += chunk.toString('latin1');
      const answer = takeAnswer(buffer);
      if (answer === undefined) return;
      buffer = answer.rest;
      counts.requests += 1;
      if (answer.status === 200) {
        counts.events += events;
        latencies.push(performance.now() - sent_ms);
      } else counts.refused += 1;
      options.answered?.(answer.status, answer.body);
      send();
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => resolve());
    closeLater(socket, signal);
  });
}

/** A connection that waits for an answer that never comes must not hold the run open. */
function closeLater(socket: Socket, signal: AbortSignal): void {
  signal.addEventListener('abort', () => setTimeout(() => socket.destroy(), 5_000).unref(), { once: true });
}

const requestText = (options: LoadOptions, body: string): string =>
  `POST ${options.path} HTTP/1.1\r\nHost: ${options.host}:${options.port}\r\nAuthorization: ${options.authorization}\r\n` +
  `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`;

function takeAnswer(buffer: string): { status: number; body: string; rest: string } | undefined {
  const head = buffer.indexOf('\r\n\r\n');
  if (head < 0) return undefined;
  const length = Number(/content-length: (\d+)/i.exec(buffer.slice(0, head))?.[1] ?? 0);
  const end = head + 4 + length;
  if (buffer.length < end) return undefined;
  return { status: Number(buffer.slice(9, 12)), body: buffer.slice(head + 4, end), rest: buffer.slice(end) };
}

/** `q` from 0 to 1 of sorted values; 0 when there are none. */
export const quantile = (sorted: Float64Array, q: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ?? 0;
