import type { z } from 'zod';
import { cramersV } from '../../stats/cramers-v.ts';
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

/** How many people have each value of a trait, inside and outside of the segment. */
export interface TraitValueRow {
  /** JSON. */
  readonly value: string;
  readonly inside: number;
  readonly outside: number;
}

/** From here on, with the whole interval, membership gives the trait away. */
const STRONG_V = 0.3;
const STRONG_AUC = 0.7;
/** People with the trait on each side below which nothing is said. */
export const ENOUGH_PEOPLE = 30;

/**
 * Whether being in the segment tells a sensitive trait: the area under the curve for numbers, Cramér's V for others.
 * Undefined when it is not shown to. An association that is not shown may still be there: few people show little.
 */
export function predictedFinding(
  trait: string,
  rows: readonly TraitValueRow[],
  random: () => number,
): SensitivityFinding | undefined {
  const about = sensitiveSubject(trait) ?? 'a sensitive field';
  const found = strengthOf(rows, random);
  if (found === undefined) return undefined;
  const { measure, strength } = found;
  const away = measure === 'auc' ? Math.max(strength.low, 1 - strength.high) : strength.low;
  if (away < (measure === 'auc' ? STRONG_AUC : STRONG_V)) return undefined;
  const said =
    measure === 'auc'
      ? `area under the curve ${strength.value.toFixed(2)}`
      : `Cramér's V ${strength.value.toFixed(2)}`;
  const reason = `needs approval because membership tells \`${trait}\` (${about}): ${said}, 95 % ${strength.low.toFixed(2)} to ${strength.high.toFixed(2)}.`;
  return { kind: 'predicts', field: trait, about, measure, strength, reason };
}

function strengthOf(rows: readonly TraitValueRow[], random: () => number) {
  const numbers = rows.map((row) => Number.parseFloat(row.value));
  if (rows.length > 2 && rows.every((row, i) => String(numbers[i]) === row.value)) {
    const area = areaUnderCurve(
      rows.map(({ inside, outside }, i) => ({ value: numbers[i] as number, inside, outside })),
    );
    return area === null
      ? undefined
      : { measure: 'auc' as const, strength: { value: area.auc, low: area.low, high: area.high } };
  }
  const v = cramersV(commonest(rows), random);
  return v === null
    ? undefined
    : { measure: 'cramers_v' as const, strength: { value: v.v, low: v.low, high: v.high } };
}

/** Two rows, in and out; values beyond the twenty most frequent are one column. */
function commonest(rows: readonly TraitValueRow[]): number[][] {
  const order = rows.toSorted((a, b) => b.inside + b.outside - a.inside - a.outside);
  const rest = order.slice(20);
  const sum = (side: 'inside' | 'outside') => rest.reduce((total, row) => total + row[side], 0);
  const row = (side: 'inside' | 'outside') => [
    ...order.slice(0, 20).map((r) => r[side]),
    ...(rest.length > 0 ? [sum(side)] : []),
  ];
  return [row('inside'), row('outside')];
}
