/**
 * A closed-loop HTTP/1.1 load over raw keep-alive sockets: each connection sends a request, waits for the answer, and
 * sends the next. Cheaper than an HTTP client, so that the server gets the machine.
 */
import { connect, type Socket } from 'node:net';

export interface LoadOptions {
  readonly host: string;
  readonly port: number;
  readonly path: string;
  readonly authorization: string;
  readonly connections: number;
  /** Body of the next request and how many events are in it. */
  next(): { readonly body: string; readonly events: number };
  /** Called with each answer, before the next request of that connection. */
  answered?(status: number, body: string): void;
}

export interface LoadResult {
  readonly events: number;
  readonly requests: number;
  readonly refused: number;
  /** Time from the first byte sent to the last byte of the answer, ms, one for each accepted request. */
  readonly latencies_ms: Float64Array;
}

/** Runs until `signal` aborts. A broken connection ends that connection only. */
export async function runLoad(options: LoadOptions, signal: AbortSignal): Promise<LoadResult> {
  const latencies: number[] = [];
  const counts = { events: 0, requests: 0, refused: 0 };
  await Promise.all(
    Array.from({ length: options.connections }, () => runConnection(options, signal, counts, latencies)),
  );
  return { ...counts, latencies_ms: Float64Array.from(latencies).sort() };
}

type Counts = { events: number; requests: number; refused: number };

function runConnection(
  options: LoadOptions,
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
    const send = () => {
      if (signal.aborted) return void socket.end();
      const request = options.next();
      events = request.events;
      sent_ms = performance.now();
      socket.write(requestText(options, request.body));
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
