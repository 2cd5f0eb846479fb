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
type Lead = Report['parts'][number]['lead'];

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
const NO_LEAD: Lead = { value: null, low: -1, high: 1 };

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
  const whole = contestOf(variants, inside);
  const [first, second] = whole.ranked;
  const parts = [...new Set(rows.filter((r) => r.inside === 1).map((r) => r.part))].sort().map((part) => {
    const of = (variant: string) => hits((r) => r.inside === 1 && r.part === part && r.variant === variant);
    const { best, lead } = contestOf(variants, of);
    const people = variants.reduce((sum, v) => sum + of(v).trials, 0);
    return { part: part === '' ? 'everybody' : part, people, best, lead, of };
  });
  const p =
    first === undefined || second === undefined
      ? null
      : heterogeneity(parts.map(({ of }) => [of(first), of(second)]));
  const disagree = parts.filter(({ best }) => best !== null && best !== first);
  const impure = parts.length > 1 && (disagree.length > 0 || (p !== null && p < 0.05));
  // Parts that show no difference do not agree on anything yet.
  const pure = impure ? false : parts.length > 1 && p !== null && whole.best !== null ? true : null;
  return {
    variants: variants.map((variant) => ({
      variant,
      inside: sideOf(inside(variant)),
      outside: sideOf(outside(variant)),
    })),
    best_inside: whole.best,
    best_outside: contestOf(variants, outside).best,
    pure,
    parts: parts.map(({ of: _, ...part }) => part),
    heterogeneity_p: p,
    words: wordsOf(pure, whole, disagree),
  };
}

interface Contest {
  /** Variants with enough people, the best rate first. */
  readonly ranked: readonly string[];
  /** Null when it is not shown to be better than each other one. */
  readonly best: string | null;
  /** Of the first over the one that it is hardest to tell from. */
  readonly lead: Lead;
}

/**
 * Whichever has the best rate of several has it by chance in part, so its lead is asked over each of the others, with the
 * 5 % of error shared among those comparisons (Bonferroni).
 */
function contestOf(variants: readonly string[], of: (variant: string) => Hits): Contest {
  const ranked = variants
    .filter((v) => of(v).trials >= ENOUGH)
    .sort((a, b) => of(b).hits / of(b).trials - of(a).hits / of(a).trials || (a < b ? -1 : 1));
  const [first, ...others] = ranked;
  if (first === undefined || others.length === 0) return { ranked, best: null, lead: NO_LEAD };
  const [closest] = others
    .map((other) => differenceInterval(of(first), of(other), 1 - 0.05 / others.length))
    .sort((a, b) => a.low - b.low);
  const lead =
    closest === undefined ? NO_LEAD : { value: closest.difference, low: closest.low, high: closest.high };
  return { ranked, best: lead.low > 0 ? first : null, lead };
}

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

function wordsOf(
  pure: boolean | null,
  { ranked, best, lead }: Contest,
  disagree: readonly { readonly part: string; readonly best: string | null }[],
): string {
  if (ranked.length < 2)
    return `No two variants were seen by ${ENOUGH} people of the segment each: nothing can be said.`;
  const mixed = 'the segment mixes people who answer differently.';
  const points = (x: number) => (100 * x).toFixed(1);
  const chance = `No difference between the variants is shown in the segment: \`${ranked[0]}\` leads by ${points(lead.value ?? 0)} points, which may be chance (${points(lead.low)} to ${points(lead.high)})`;
  if (pure === false) {
    const where = disagree.map((one) => `\`${one.best}\` does best in \`${one.part}\``).join(', ');
    if (best === null)
      return `${chance}. ${where === '' ? 'Its lead differs between the parts' : where}: ${mixed}`;
    return where === ''
      ? `\`${best}\` did best, but its lead differs between the parts: ${mixed}`
      : `\`${best}\` did best, but ${where}: ${mixed}`;
  }
  if (best === null) return `${chance}.`;
  if (pure) return `The parts of the segment agree: \`${best}\` does best, and no part answers differently.`;
  return `\`${best}\` did best in the segment; split it by a trait to see whether its parts agree.`;
}
