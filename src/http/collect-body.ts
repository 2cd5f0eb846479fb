/** The body of a request on a collection wire: whole, decompressed, and within size and time. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';
import { AppError } from '../kernel/errors.ts';

export interface BodyLimits {
  /** Before and after decompression. */
  readonly bytes_max: number;
  /** From the first byte wanted to the last one read. */
  readonly timeout_ms: number;
}

/** An over-long body is read a while longer, so that its sender gets to see the answer. */
const DRAINED_BYTES_MAX = 16 * 1_048_576;

export async function readCollectBody(
  stream: Readable,
  headers: IncomingHttpHeaders,
  limits: BodyLimits,
): Promise<Buffer> {
  const raw = await readAll(stream, limits);
  const encoding = headers['content-encoding']?.trim().toLowerCase() ?? '';
  if (encoding === '' || encoding === 'identity') return raw;
  return decompress(raw, encoding, limits.bytes_max);
}

function readAll(stream: Readable, { bytes_max, timeout_ms }: BodyLimits): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let bytes = 0;
    const finish = (error: AppError | undefined): void => {
      clearTimeout(timer);
      stream.off('data', onData).off('end', onEnd).off('error', onBroken).off('close', onBroken);
      if (error === undefined) resolve(chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks));
      else {
        stream.on('error', () => {});
        reject(error);
      }
    };
    const onData = (chunk: Buffer): void => {
      bytes += chunk.length;
      if (bytes <= bytes_max) chunks.push(chunk);
      else if (bytes > DRAINED_BYTES_MAX) finish(tooLarge(bytes_max));
      else chunks.length = 0;
    };
    const onEnd = (): void => finish(bytes > bytes_max ? tooLarge(bytes_max) : undefined);
    const onBroken = (): void =>
      finish(
        new AppError('invalid_body', { message: 'The connection closed before the body was complete.' }),
      );
    const timer = setTimeout(() => {
      finish(
        new AppError('body_timeout', { message: `The body was not complete after ${timeout_ms / 1_000} s.` }),
      );
    }, timeout_ms);
    stream.on('data', onData).on('end', onEnd).on('error', onBroken).on('close', onBroken);
  });
}

const tooLarge = (limit: number): AppError =>
  new AppError('body_too_large', { message: `The body is larger than ${limit / 1_024} KiB.`, limit });

const unpack = {
  gzip: promisify(gunzip),
  deflate: promisify(inflate),
  deflate_raw: promisify(inflateRaw),
  br: promisify(brotliDecompress),
};

async function decompress(raw: Buffer, encoding: string, bytes_max: number): Promise<Buffer> {
  const options = { maxOutputLength: bytes_max };
  try {
    if (encoding === 'gzip' || encoding === 'x-gzip') return await unpack.gzip(raw, options);
    if (encoding === 'br') return await unpack.br(raw, options);
    // Both meanings of "deflate" are in use; the zlib one has 8 in its low bits.
    if (encoding === 'deflate')
      return await (((raw[0] ?? 0) & 15) === 8 ? unpack.deflate : unpack.deflate_raw)(raw, options);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE')
      throw tooLarge(bytes_max);
    throw new AppError('invalid_encoding', {
      message: `The body is not valid ${encoding}.`,
      field: 'content-encoding',
    });
  }
  const message = 'The content encoding is not one of gzip, deflate, br.';
  throw new AppError('invalid_encoding', { message, field: 'content-encoding' });
}
