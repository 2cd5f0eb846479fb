import { hash32 } from '../../kernel/rng.ts';

/**
 * Whether a person is in the sample of a source. Decided by source and person only, so that all events of a person
 * stay or go together, on every machine, and a higher rate keeps whom a lower rate kept.
 */
export function inSample(source_id: string, person: string, rate: number): boolean {
  if (rate >= 1) return true;
  return spread(hash32(`${source_id}/${person}`)) / 4_294_967_296 < rate;
}

/** Finaliser of MurmurHash3: FNV alone moves the high bits little for ids that differ in their last digit. */
function spread(hash: number): number {
  let h = hash;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}
