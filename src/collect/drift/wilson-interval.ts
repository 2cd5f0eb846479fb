import { type Share, wilsonInterval as wilson } from '../../stats/wilson.ts';

export type { Share };

/** Two-sided 99.9 %: a report looks at hundreds of fields, so one in twenty false alarms would be noise. */
export const CONFIDENCE = 0.999;

/** Share of independent trials with its interval at that confidence. */
export const wilsonInterval = (hits: number, trials: number): Share => wilson(hits, trials, CONFIDENCE);
