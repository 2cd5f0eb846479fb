import type { BlockSizes } from './prepare.sql.ts';

export interface BlockCap {
  /** Blocks with more pairs are left out. */
  readonly max_pairs: number;
  readonly pairs: number;
  readonly skipped_blocks: number;
  readonly skipped_pairs: number;
}

/**
 * The largest block that a rule may keep: none above `max_block_pairs`, and the largest go until the rule has no more than
 * `max_rule_pairs` in all. `sizes`: the largest first.
 */
export function capBlocks(
  sizes: readonly BlockSizes[],
  { max_block_pairs, max_rule_pairs }: { max_block_pairs: number; max_rule_pairs: number },
): BlockCap {
  let pairs = sizes.reduce((sum, s) => sum + s.pairs * s.blocks, 0);
  let skipped_blocks = 0;
  let skipped_pairs = 0;
  let max_pairs = max_block_pairs;
  for (const size of sizes) {
    if (size.pairs <= max_block_pairs && pairs <= max_rule_pairs) break;
    max_pairs = Math.min(max_pairs, size.pairs - 1);
    skipped_blocks += size.blocks;
    skipped_pairs += size.pairs * size.blocks;
    pairs -= size.pairs * size.blocks;
  }
  return { max_pairs, pairs, skipped_blocks, skipped_pairs };
}
