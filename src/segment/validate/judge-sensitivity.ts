import type { z } from 'zod';
import { addRows, columnOf, cramersV, NO_ROWS, type TwoRows } from '../../stats/cramers-v.ts';
import { areaUnderCurve } from '../../stats/mann-whitney.ts';
import { sensitiveSubject } from './sensitive-names.ts';
import type { SensitivityReport } from './validation-output.ts';

export type SensitivityFinding = z.infer<typeof SensitivityReport>['findings'][number];

/** A field of the catalogue that is marked as sensitive: `trait:income`, `events.ip`; or a plain name. */
export type SensitiveField = string;

/** Names that a rule uses, against the catalogue and the list of words. */
export function usedFindings(
  names: readonly string[],
  catalogue: readonly SensitiveField[],
): SensitivityFinding[] {
  const marked = new Map(
    catalogue.flatMap(
      (field) =>
        [
          [field, field],
          [lastPart(field), field],
        ] as const,
    ),
  );
  return names.flatMap((name) => {
    const field = marked.get(name) ?? marked.get(lastPart(name));
    const about =
      field !== undefined ? (sensitiveSubject(name) ?? 'a sensitive field') : sensitiveSubject(name);
    if (about === undefined) return [];
    const source =
      field !== undefined ? 'which the field catalogue marks as sensitive' : `whose name is about ${about}`;
    return [
      {
        kind: 'uses' as const,
        field: name,
        about,
        measure: null,
        strength: null,
        reason: `needs approval because it uses \`${name}\`, ${source}.`,
      },
    ];
  });
}

const lastPart = (name: string): string =>
  name.slice(Math.max(name.lastIndexOf('.'), name.lastIndexOf(':')) + 1);

/**
 * Values of a trait that are looked at together: those of one hundredth of the people by number, or all that are no number.
 * Of each value, how many of its people are inside: what an association is made of, however many values there are.
 */
export interface TraitBin {
  /** 0 for the smallest numbers, to 99; null for what is no number. */
  readonly bin: number | null;
  readonly values: TwoRows;
}

export const BINS = 100;
/** From here on, with the whole interval, membership gives the trait away. */
const STRONG_V = 0.3;
const STRONG_AUC = 0.7;
/** People with the trait on each side below which nothing is said. */
export const ENOUGH_PEOPLE = 30;
/** Part of the people with a number for the others to be one more value beside the numbers: `n/a`, `unknown`. */
const NEARLY_ALL = 0.9;
/** People in a range of numbers, on average. */
const IN_A_RANGE = 10;

/**
 * Whether being in the segment tells a sensitive trait. Asked of numbers: whether members have greater or smaller ones (area
 * under the curve), and whether some ranges of them are in and others out, in whatever order (Cramér's V over quantiles); of
 * everything: whether some values are in and others out. Undefined when none is shown. An association that is not shown
 * may still be there: few people show little.
 */
export function predictedFinding(trait: string, bins: readonly TraitBin[]): SensitivityFinding | undefined {
  const about = sensitiveSubject(trait) ?? 'a sensitive field';
  const found = strongest(bins);
  if (found === undefined) return undefined;
  const { measure, strength, over } = found;
  const said =
    measure === 'auc'
      ? `area under the curve ${strength.value.toFixed(2)}`
      : `Cramér's V ${strength.value.toFixed(2)}${over}`;
  const reason = `needs approval because membership tells \`${trait}\` (${about}): ${said}, 95 % ${strength.low.toFixed(2)} to ${strength.high.toFixed(2)}.`;
  return { kind: 'predicts', field: trait, about, measure, strength, reason };
}

interface Strength {
  readonly measure: 'auc' | 'cramers_v';
  readonly strength: { readonly value: number; readonly low: number; readonly high: number };
  readonly over: string;
}

/** The first of the measures that is strong: the simplest words for what is given away. */
function strongest(bins: readonly TraitBin[]): Strength | undefined {
  const values = sumOf(bins);
  const numbers = bins.filter(({ bin }) => bin !== null);
  const numeric = sumOf(numbers);
  const is_numeric = numeric.people >= NEARLY_ALL * values.people && numeric.columns > 2;
  return (
    (is_numeric ? byRank(numbers) : undefined) ??
    (is_numeric ? byColumns(ranges(bins), ' over ranges of it') : undefined) ??
    byColumns(values, '')
  );
}

function byRank(numbers: readonly TraitBin[]): Strength | undefined {
  const area = areaUnderCurve(
    numbers.map(({ bin, values: { people, inside } }) => ({
      value: bin as number,
      inside,
      outside: people - inside,
    })),
  );
  if (area === null || Math.max(area.low, 1 - area.high) < STRONG_AUC) return undefined;
  return { measure: 'auc', strength: { value: area.auc, low: area.low, high: area.high }, over: '' };
}

function byColumns(columns: TwoRows, over: string): Strength | undefined {
  const v = cramersV(columns);
  if (v === null || v.low < STRONG_V) return undefined;
  return { measure: 'cramers_v', strength: { value: v.v, low: v.low, high: v.high }, over };
}

/** As many ranges as there are people for; what is no number is one more. */
function ranges(bins: readonly TraitBin[]): TwoRows {
  const { people } = sumOf(bins);
  const many = Math.max(2, Math.min(BINS, Math.floor(people / IN_A_RANGE)));
  const placed = Map.groupBy(bins, ({ bin }) => (bin === null ? null : Math.floor((bin * many) / BINS)));
  return [...placed.values()]
    .map(sumOf)
    .map(({ inside, people: all }) => columnOf(inside, all - inside))
    .reduce(addRows, NO_ROWS);
}

export const sumOf = (bins: readonly TraitBin[]): TwoRows =>
  bins.map(({ values }) => values).reduce(addRows, NO_ROWS);
