/**
 * Whether a segment answers one message in one way (purity by message test): variants of a message were shown at random,
 * and parts of the segment should agree on which variant works. Assumes that who saw which variant was left to chance.
 */
import type { z } from 'zod';
import { chiSquareTail } from '../../stats/chi-square.ts';
import { differenceInterval, type Hits } from '../../stats/two-proportions.ts';
import { sideOf } from './judge-lift.ts';
import type { MessageTest } from './validation-output.ts';

type Report = Pick<
  z.infer<typeof MessageTest>,
  'variants' | 'best_inside' | 'best_outside' | 'pure' | 'parts' | 'heterogeneity_p' | 'words'
>;

export interface ShownRow {
  readonly inside: 0 | 1;
  /** Value of the trait that the segment is split by; empty without one. */
  readonly part: string;
  readonly variant: string;
  readonly people: number;
  readonly converted: number;
}

/** People that each of two variants needs in a part before the part has a say. */
const ENOUGH = 30;

export function judgeMessageTest(rows: readonly ShownRow[]): Report {
  const variants = [...new Set(rows.map((row) => row.variant))].sort();
  const hits = (picked: (row: ShownRow) => boolean): Hits =>
    rows
      .filter(picked)
      .reduce((sum, r) => ({ hits: sum.hits + r.converted, trials: sum.trials + r.people }), {
        hits: 0,
        trials: 0,
      });
  const inside = (variant: string) => hits((r) => r.inside === 1 && r.variant === variant);
  const outside = (variant: string) => hits((r) => r.inside === 0 && r.variant === variant);
  const [best, second] = ranked(variants, inside);
  const parts = [...new Set(rows.filter((r) => r.inside === 1).map((r) => r.part))].sort().map((part) => {
    const of = (variant: string) => hits((r) => r.inside === 1 && r.part === part && r.variant === variant);
    const [first, next] = ranked(variants, of);
    const lead =
      first === undefined || next === undefined ? undefined : differenceInterval(of(first), of(next));
    const people = variants.reduce((sum, v) => sum + of(v).trials, 0);
    return {
      part: part === '' ? 'everybody' : part,
      people,
      best: first ?? null,
      lead:
        lead === undefined
          ? { value: null, low: -1, high: 1 }
          : { value: lead.difference, low: lead.low, high: lead.high },
      of,
    };
  });
  const p =
    best === undefined || second === undefined
      ? null
      : heterogeneity(parts.map(({ of }) => [of(best), of(second)]));
  // A part disagrees only where its own best is shown to be better than the segment's.
  const disagree = parts.filter((part) => part.best !== null && part.best !== best && part.lead.low > 0);
  const pure =
    parts.length < 2 || best === undefined || p === null ? null : disagree.length === 0 && p >= 0.05;
  return {
    variants: variants.map((variant) => ({
      variant,
      inside: sideOf(inside(variant)),
      outside: sideOf(outside(variant)),
    })),
    best_inside: best ?? null,
    best_outside: ranked(variants, outside)[0] ?? null,
    pure,
    parts: parts.map(({ of: _, ...part }) => part),
    heterogeneity_p: p,
    words: wordsOf(
      pure,
      best,
      disagree.map((part) => part.part),
    ),
  };
}

/** Variants with enough people, the best rate first. */
const ranked = (variants: readonly string[], of: (variant: string) => Hits): string[] =>
  variants
    .filter((v) => of(v).trials >= ENOUGH)
    .sort((a, b) => of(b).hits / of(b).trials - of(a).hits / of(a).trials || (a < b ? -1 : 1));

/** p of one odds ratio in all parts (Woolf 1955, with half a count added to each cell); null with fewer than two parts. */
function heterogeneity(pairs: readonly (readonly [Hits, Hits])[]): number | null {
  const parts = pairs.filter(([a, b]) => Math.min(a.trials, b.trials) >= ENOUGH);
  if (parts.length < 2) return null;
  const logs = parts.map(([a, b]) => {
    const cells = [a.hits, a.trials - a.hits, b.hits, b.trials - b.hits].map((c) => c + 0.5) as [
      number,
      number,
      number,
      number,
    ];
    return {
      log: Math.log((cells[0] * cells[3]) / (cells[1] * cells[2])),
      weight: 1 / cells.reduce((sum, c) => sum + 1 / c, 0),
    };
  });
  const weights = logs.reduce((sum, l) => sum + l.weight, 0);
  const mean = logs.reduce((sum, l) => sum + l.log * l.weight, 0) / weights;
  return chiSquareTail(
    logs.reduce((sum, l) => sum + l.weight * (l.log - mean) ** 2, 0),
    parts.length - 1,
  );
}

function wordsOf(pure: boolean | null, best: string | undefined, disagree: readonly string[]): string {
  if (best === undefined)
    return `No two variants were seen by ${ENOUGH} people of the segment each: nothing can be said.`;
  if (pure === null)
    return `\`${best}\` did best in the segment; split it by a trait to see whether its parts agree.`;
  if (pure) return `The parts of the segment agree: \`${best}\` does best, and no part answers differently.`;
  if (disagree.length === 0)
    return `\`${best}\` did best, but its lead differs between the parts: the segment mixes people who answer differently.`;
  return `\`${best}\` did best, but not in ${disagree.map((d) => `\`${d}\``).join(', ')}: the segment mixes people who answer differently.`;
}
