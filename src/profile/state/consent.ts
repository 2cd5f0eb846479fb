/**
 * Consent for one purpose as a node's events say it, again with each event. What counts is the decision: a yes that is
 * only repeated must not outlive a no that was said later elsewhere. So a decision dates from the last time that the
 * opposite was said, or, when it never was, from the first time that it was said itself. Of two decisions the later
 * one holds, and a no when both are of the same moment.
 */
import { memberOf } from './event-json.ts';
import type { Register } from './register.ts';

/** When yes and no were first and last said, ms; 0 when never. Folds by minimum and maximum. */
export type ConsentTimes = readonly [first_yes: number, last_yes: number, first_no: number, last_no: number];

/** Purposes of one node beyond this many are left out: those whose names come last. */
export const PURPOSES_MAX = 50;
export const CONSENT_PREFIX = '$consent.';
const PURPOSE_MAX = 60;

export function addConsent(before: ConsentTimes | undefined, granted: boolean, at_ms: number): ConsentTimes {
  const [first_yes, last_yes, first_no, last_no] = before ?? [0, 0, 0, 0];
  return granted
    ? [earliest(first_yes, at_ms), Math.max(last_yes, at_ms), first_no, last_no]
    : [first_yes, last_yes, earliest(first_no, at_ms), Math.max(last_no, at_ms)];
}

const earliest = (a: number, b: number): number => (a === 0 ? b : Math.min(a, b));

/** The decision and its moment. */
export function decisionOf([first_yes, last_yes, first_no, last_no]: ConsentTimes): Register {
  const granted = last_yes > last_no;
  const since_ms = granted ? last_no || first_yes : last_yes || first_no;
  return [String(granted), since_ms, 'consent'];
}

/** Of two nodes' decisions. */
export function laterDecision(a: Register | undefined, b: Register): Register {
  if (a === undefined || b[1] > a[1]) return b;
  return a[1] === b[1] && b[0] === 'false' ? b : a;
}

/** `context.consent.categoryPreferences`: purposes that are true or false; anything else says nothing. */
export function readConsent(context: unknown): [purpose: string, granted: boolean][] {
  const preferences = memberOf(memberOf(context, 'consent'), 'categoryPreferences');
  if (typeof preferences !== 'object' || preferences === null || Array.isArray(preferences)) return [];
  return Object.entries(preferences).filter(
    (entry): entry is [string, boolean] =>
      typeof entry[1] === 'boolean' && entry[0].length <= PURPOSE_MAX && entry[0] !== '',
  );
}
