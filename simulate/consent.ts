/** Choices on consent. Where the law asks for an opt-in, fewer people say yes. */
import type { Rng } from '../src/kernel/rng.ts';
import type { Region } from './regions.ts';

export interface ConsentChoice {
  readonly analytics: boolean;
  readonly advertising: boolean;
  readonly personalisation: boolean;
}

export interface PersonConsent {
  readonly first: ConsentChoice;
  /** The choice from `change_day` on; null when it never changes. */
  readonly later: ConsentChoice | null;
  readonly change_day: number;
  /** `context.consent` of events before and after the change. */
  readonly first_context: ConsentContext;
  readonly later_context: ConsentContext;
}

export interface ConsentContext {
  readonly categoryPreferences: ConsentChoice;
}

/** Share of people who agree, by regime and purpose. */
export const CONSENT_RATES = {
  opt_in: { analytics: 0.64, advertising: 0.38, personalisation: 0.47, newsletter: 0.36 },
  opt_out: { analytics: 0.96, advertising: 0.86, personalisation: 0.91, newsletter: 0.63 },
} as const;

const CHANGE_RATE = 0.05;

/** `days`: length of the history, in which a change of mind falls. */
export function drawConsent(rng: Rng, region: Region, days: number): PersonConsent {
  const rates = CONSENT_RATES[region.consent_regime];
  const first = drawChoice(rng, rates);
  const changes = rng.next() < CHANGE_RATE;
  const change_day = rng.int(Math.max(1, days));
  const turned = rng.int(3);
  const later = {
    analytics: turned === 0 ? !first.analytics : first.analytics,
    advertising: turned === 1 ? !first.advertising : first.advertising,
    personalisation: turned === 2 ? !first.personalisation : first.personalisation,
  };
  const first_context = { categoryPreferences: first };
  return {
    first,
    later: changes ? later : null,
    change_day,
    first_context,
    later_context: changes ? { categoryPreferences: later } : first_context,
  };
}

function drawChoice(rng: Rng, rates: Record<keyof ConsentChoice, number>): ConsentChoice {
  // One draw decides how open a person is, so that the purposes agree with each other as they do in life.
  const openness = rng.next();
  const wobble = () => (rng.next() - 0.5) * 0.1;
  return {
    analytics: openness + wobble() < rates.analytics,
    advertising: openness + wobble() < rates.advertising,
    personalisation: openness + wobble() < rates.personalisation,
  };
}

export const consentOn = (consent: PersonConsent, day: number): ConsentContext =>
  day < consent.change_day ? consent.first_context : consent.later_context;
