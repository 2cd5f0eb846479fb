import { crc32 } from 'node:zlib';
import type { Position } from './port.ts';

/**
 * How records lie in a segment file: frames, each a header of 24 bytes and a body.
 *
 *   0  magic "PLB1"      4  body bytes, u32      8  CRC-32 of bytes 12 to the end of the body, u32
 *  12  records, u32     16  position of the first, u64
 *
 * All little endian. The body is the lines joined by `\n`, in UTF-8. An append lies in one frame: whole or absent.
 */
export const HEADER_BYTES = 24;
const MAGIC = 0x31424c50;

export interface FrameHeader {
  readonly body_bytes: number;
  readonly records: number;
  readonly first: Position;
}

export function encodeFrame(first: Position, lines: readonly string[]): Buffer {
  const body = lines.join('\n');
  const frame = Buffer.allocUnsafeSlow(HEADER_BYTES + Buffer.byteLength(body));
  frame.writeUInt32LE(MAGIC, 0);
  frame.writeUInt32LE(frame.length - HEADER_BYTES, 4);
  frame.writeUInt32LE(lines.length, 12);
  frame.writeBigUInt64LE(BigInt(first), 16);
  frame.write(body, HEADER_BYTES, 'utf8');
  frame.writeUInt32LE(crc32(frame.subarray(12)), 8);
  return frame;
}

/** The header at `offset`, or undefined when no whole frame of that length lies there. Does not look at the body. */
export function headerAt(bytes: Buffer, offset: number): FrameHeader | undefined {
  if (offset + HEADER_BYTES > bytes.length || bytes.readUInt32LE(offset) !== MAGIC) return undefined;
  const body_bytes = bytes.readUInt32LE(offset + 4);
  if (offset + HEADER_BYTES + body_bytes > bytes.length) return undefined;
  return {
    body_bytes,
    records: bytes.readUInt32LE(offset + 12),
    first: Number(bytes.readBigUInt64LE(offset + 16)),
  };
}

/** True when the frame's checksum fits. */
export const isSound = (frame: Buffer): boolean => crc32(frame.subarray(12)) === frame.readUInt32LE(8);

export const linesOf = (frame: Buffer): string[] => frame.toString('utf8', HEADER_BYTES).split('\n');
