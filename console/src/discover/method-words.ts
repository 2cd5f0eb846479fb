import type { Method } from '../api/segmentations.ts';

export interface MethodWords {
  readonly label: string;
  readonly about: string;
}

/** The methods by what they are good for. */
export const METHOD_WORDS: Readonly<Record<Method, MethodWords>> = {
  rfm: {
    label: 'Buying habits (RFM)',
    about:
      'How recently, how often and for how much people bought. Needs orders only; the segments have known names.',
  },
  kmeans: {
    label: 'Even groups (k-means)',
    about:
      'Everybody is in exactly one group. The usual choice when you want a handful of groups to treat differently.',
  },
  hdbscan: {
    label: 'Natural clumps (HDBSCAN)',
    about: 'Finds clumps of any shape and size, and leaves people out who belong to none.',
  },
  dbscan: {
    label: 'Dense clumps (DBSCAN)',
    about: 'As natural clumps, with one density for all of them. For those who want to set the radius.',
  },
};

export const METHOD_ORDER: readonly Method[] = ['rfm', 'kmeans', 'hdbscan', 'dbscan'];

/** What a mean silhouette says (Kaufman and Rousseeuw 1990, chapter 2). */
export function silhouetteWords(value: number): string {
  if (value > 0.7) return 'far apart';
  if (value > 0.5) return 'well apart';
  if (value > 0.25) return 'they overlap';
  return 'hardly apart';
}

/** What a bootstrap stability says (Hennig 2007). */
export function stabilityWords(value: number): string {
  if (value >= 0.85) return 'very stable';
  if (value >= 0.75) return 'stable';
  return value >= 0.6 ? 'a pattern, uncertain who belongs' : 'not stable';
}
