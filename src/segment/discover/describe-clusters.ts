/** Clusters in words: what stands out against everybody, and a title that says it. */
import type { z } from 'zod';
import type { Feature } from './segmentation.ts';
import type { Trait } from './segmentation-output.ts';

export type ClusterTrait = z.infer<typeof Trait>;

/** Over people who have a value. */
export interface FeatureStatistics {
  readonly mean: number;
  readonly sd: number;
}
export type DescribedFeature = Pick<Feature, 'name' | 'measure'>;

/** Differences from everybody, in standard deviations: below is not worth a word, and from here on worth the title. */
const WORTH_A_WORD = 0.3;
const WORTH_THE_TITLE = 0.5;
const MOST_TRAITS = 5;

export function traitsOf(
  features: readonly DescribedFeature[],
  means: readonly (number | null)[],
  everybody: readonly FeatureStatistics[],
): ClusterTrait[] {
  return features
    .flatMap((feature, i) => {
      const mean = means[i];
      const { mean: overall_mean, sd } = everybody[i] ?? { mean: 0, sd: 0 };
      if (mean === null || mean === undefined || sd === 0) return [];
      const difference = (mean - overall_mean) / sd;
      if (Math.abs(difference) < WORTH_A_WORD) return [];
      const words = `${plain(feature.name)}: ${valueWords(feature, mean)}, ${against(feature, mean, overall_mean)}`;
      return [{ feature: feature.name, mean, overall_mean, difference, words }];
    })
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
    .slice(0, MOST_TRAITS);
}

/**
 * Of each cluster titles such as `Many orders, recent visit`: the shortest that no other cluster has, then longer ones that
 * say what distinguishes it next, for when that one is taken (`keepNames`). All may be the same as another's.
 */
export function titlesOf(
  features: readonly DescribedFeature[],
  clusters: readonly (readonly ClusterTrait[])[],
): string[][] {
  const words = clusters.map((traits) => traits.map((t) => titleWords(features, t)));
  const worth = clusters.map(
    (traits) => traits.filter((t) => Math.abs(t.difference) >= WORTH_THE_TITLE).length,
  );
  const title = (c: number, length: number) =>
    capital(words[c]?.slice(0, length).join(', ') || 'near the average');
  // What is barely worth a word is said only to tell two apart.
  const atMost = (c: number, length: number) => title(c, Math.min(length, worth[c] ?? 0));
  return words.map((_, c) => {
    const lengths = Array.from({ length: MOST_TRAITS }, (_, i) => i + 1);
    const alone = (titleOf: typeof title) =>
      lengths
        .map((length) => ({ length, mine: titleOf(c, length) }))
        .filter(({ length, mine }) =>
          words.every((_, other) => other === c || titleOf(other, length) !== mine),
        )
        .map(({ mine }) => mine);
    const found = [...new Set([...alone(atMost), ...alone(title)])];
    return found.length > 0 ? found : [title(c, MOST_TRAITS)];
  });
}

export function summaryOf(people: number, share: number, traits: readonly ClusterTrait[]): string {
  const who = `${people.toLocaleString('en')} people (${percent(share)})`;
  if (traits.length === 0) return `${who} who are near the average in everything.`;
  return `${who}. ${capital(
    traits
      .slice(0, 3)
      .map((t) => t.words)
      .join('; '),
  )}.`;
}

function titleWords(features: readonly DescribedFeature[], { feature, difference }: ClusterTrait): string {
  const measure = features.find((f) => f.name === feature)?.measure ?? 'count';
  const [less, more] = {
    count: ['few', 'many'],
    sum: ['low', 'high'],
    average: ['low', 'high'],
    days_since: ['recent', 'long since'],
    distinct: ['few', 'varied'],
    share: ['rarely', 'mostly'],
  }[measure];
  const name = plain(feature);
  return `${difference > 0 ? more : less} ${measure === 'days_since' ? name.replace(/^days since (the )?(last )?/, '') : name}`;
}

function against({ measure }: DescribedFeature, mean: number, overall: number): string {
  const average = `the average of ${valueWords({ name: '', measure }, overall)}`;
  const ratio = overall > 0 ? mean / overall : 0;
  if (measure !== 'share' && ratio >= 1.5) return `about ${short(ratio)} times ${average}`;
  if (measure !== 'share' && overall > 0 && mean >= 0 && ratio <= 0.67)
    return `${percent(ratio)} of ${average}`;
  return `${mean > overall ? 'above' : 'below'} ${average}`;
}

export const valueWords = ({ measure }: DescribedFeature, value: number): string =>
  measure === 'share' ? percent(value) : measure === 'days_since' ? `${short(value)} days` : short(value);

export const percent = (share: number): string => {
  const value = share * 100;
  return `${value > 0 && value < 1 ? '<1' : Math.round(value)} %`;
};

const short = (value: number): string =>
  value.toLocaleString('en', {
    maximumFractionDigits: Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : 2,
  });
const plain = (name: string): string => name.replaceAll('_', ' ');
const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);
