/** Draws from the usual distributions, on a stream of kernel/rng.ts. */
import type { Rng } from '../src/kernel/rng.ts';
import { cell } from './cell.ts';

export const pick = <T>(rng: Rng, list: ArrayLike<T>): T => cell(list, rng.int(list.length));

/** Running sums of weights, last one 1; what `pickIndex` reads. */
export function cumulative(weights: ArrayLike<number>): Float64Array {
  const sums = new Float64Array(weights.length);
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += cell(weights, i);
  let running = 0;
  for (let i = 0; i < weights.length; i++) {
    running += cell(weights, i) / total;
    sums[i] = running;
  }
  return sums;
}

/** Index drawn with the weights behind `sums`. */
export function pickIndex(rng: Rng, sums: Float64Array): number {
  const u = rng.next();
  let low = 0;
  let high = sums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cell(sums, middle) > u) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Count with this mean. Knuth's product below 30; above it the rounded normal, which is near enough there. */
export function poisson(rng: Rng, mean: number): number {
  if (!(mean > 0)) return 0;
  if (mean > 30) return Math.max(0, Math.round(mean + Math.sqrt(mean) * rng.normal()));
  const limit = Math.exp(-mean);
  let count = 0;
  for (let product = rng.next(); product > limit; product *= rng.next()) count++;
  return count;
}

export const exponential = (rng: Rng, mean: number): number => -mean * Math.log(1 - rng.next());

export const logNormal = (rng: Rng, mu: number, sigma: number): number => Math.exp(mu + sigma * rng.normal());

const HEX = Uint8Array.from('0123456789abcdef', (digit) => digit.charCodeAt(0));
const UUID_SIZE = 36;
const BLOCK = 512;

/**
 * A source of ids in the shape of a UUID version 4. They are written in blocks, since a million of them are needed:
 * a slice of one long text costs a tenth of joining pieces.
 */
export function createUuids(rng: Rng): () => string {
  const bytes = Buffer.alloc(UUID_SIZE * BLOCK, '-');
  let text = '';
  let used = BLOCK;
  return () => {
    if (used === BLOCK) {
      for (let i = 0; i < BLOCK; i++) writeUuid(rng, bytes, i * UUID_SIZE);
      text = bytes.toString('latin1');
      used = 0;
    }
    const from = used++ * UUID_SIZE;
    return text.substring(from, from + UUID_SIZE);
  };
}

/** One id, for those who need few. */
export function drawUuid(rng: Rng): string {
  const bytes = Buffer.alloc(UUID_SIZE, '-');
  writeUuid(rng, bytes, 0);
  return bytes.toString('latin1');
}

function writeUuid(rng: Rng, bytes: Buffer, start: number): void {
  let at = start;
  for (let word = 0; word < 4; word++) {
    let bits = Math.floor(rng.next() * 4294967296);
    for (let digit = 0; digit < 8; digit++) {
      const place = word * 8 + digit;
      if (place === 8 || place === 12 || place === 16 || place === 20) at++;
      const value = place === 12 ? 4 : place === 16 ? 8 | (bits & 3) : bits & 15;
      bytes[at++] = HEX[value] as number;
      bits >>>= 4;
    }
  }
}
