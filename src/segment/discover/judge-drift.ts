/** Whether people still behave as they did when the clusters were fitted. */
import type { z } from 'zod';
import { populationStability } from '../../stats/population-stability.ts';
import { wilsonInterval } from '../../stats/wilson.ts';
import { percent } from './describe-clusters.ts';
import type { Drift } from './segmentation-output.ts';

export type DriftReport = z.infer<typeof Drift>;

export interface FeatureCounts {
  readonly feature: string;
  /** People in each bin of the fit window's values, the last bin those without a value. */
  readonly before: readonly number[];
  readonly now: readonly number[];
  readonly mean_before: number;
  readonly mean_now: number;
}

/** Siddiqi (2006). */
const SHIFTING = 0.1;
const SHIFTED = 0.25;
const MOVED = 0.2;
/** With fewer people a PSI is mostly noise. */
const ENOUGH_PEOPLE = 100;

export function judgeDrift(
  features: readonly FeatureCounts[],
  moved: { readonly people: number; readonly moved: number },
  people_now: number,
): Pick<DriftReport, 'features' | 'moved' | 'refit' | 'reasons'> {
  const judged = features.map(({ feature, before, now, mean_before, mean_now }) => {
    const psi = populationStability(before, now) ?? 0;
    const level = psi >= SHIFTED ? 'shifted' : psi >= SHIFTING ? 'shifting' : 'stable';
    return { feature, psi, level, mean_before, mean_now } as const;
  });
  const { share, low, high } = wilsonInterval(moved.moved, moved.people);
  const reasons: string[] = [];
  if (people_now < ENOUGH_PEOPLE) {
    reasons.push(`Only ${people_now} people in the window: too few to judge; no refit is advised.`);
  } else {
    for (const { feature, psi, level } of judged) {
      if (level === 'shifted')
        reasons.push(`\`${feature}\` shifted (PSI ${psi.toFixed(2)}, from .25 on a major shift).`);
    }
    if (low >= MOVED && moved.people > 0) {
      reasons.push(
        `${percent(share)} of the people would be in another cluster now (at least ${percent(low)}).`,
      );
    }
  }
  const refit = people_now >= ENOUGH_PEOPLE && reasons.length > 0;
  if (reasons.length === 0) reasons.push('No feature shifted and most people stay where they are.');
  return { features: judged, moved: { value: share, low, high }, refit, reasons };
}
