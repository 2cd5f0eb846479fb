import type { UseFinding } from '../api/segment-use.ts';
import { formatRate } from '../elements/number-format.ts';

/** What was found, for somebody who decides whether that may be: the measure and its interval in words. */
export function findingWords({ kind, reason, field, about, measure, strength }: UseFinding): string {
  if (kind === 'uses' || strength === null || strength.value === null) {
    const plain = reason.replace(/^needs approval because /, '').replaceAll('`', '');
    return plain.charAt(0).toUpperCase() + plain.slice(1);
  }
  const who = `Who is in it gives away ${field} (${about})`;
  const { value, low, high } = strength;
  if (measure === 'auc') {
    const higher = value >= 0.5;
    const [likely, least, most] = higher ? [value, low, high] : [1 - value, 1 - high, 1 - low];
    const of_100 = (share: number) => String(Math.round(share * 100));
    return `${who}: of a member and somebody else, the member has the ${higher ? 'higher' : 'lower'} value in ${of_100(likely)} of 100 cases (95 % interval ${of_100(least)} to ${of_100(most)}; by chance it would be 50).`;
  }
  return `${who}: the association is ${formatRate(value)} (95 % interval ${formatRate(low)} to ${formatRate(high)}), between 0 for none and 1 for certainty (Cramér’s V).`;
}
