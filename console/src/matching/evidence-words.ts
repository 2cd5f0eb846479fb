const plain = new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 2 });
const millions = new Intl.NumberFormat('en-GB', {
  maximumSignificantDigits: 2,
  notation: 'compact',
  compactDisplay: 'long',
});

/** Two digits are what such an estimate carries: 4,096 reads `4,100`. */
const amount = (value: number): string => (value < 1e6 ? plain : millions).format(value);

/** Bits of evidence (base 2 logarithm of how much likelier a match became) in words. */
export function evidenceWords(bits: number): string {
  if (Math.abs(bits) < 0.07) return 'says nothing';
  if (Math.abs(bits) > 50) return bits > 0 ? 'practically proves it' : 'practically rules it out';
  return `${factorWords(bits)} times ${bits > 0 ? 'likelier' : 'less likely'}`;
}

/** How many times, to either side: 3 and -3 bits are `8`. */
export const factorWords = (bits: number): string => amount(2 ** Math.min(Math.abs(bits), 300));

/** The chance before anything is compared, from its log odds in bits: `1 in 20,000`. */
export function oddsWords(prior_bits: number): string {
  return `1 in ${amount(1 + 2 ** Math.min(-prior_bits, 300))}`;
}

/** Never rounds to certainty: 0.99999 is `over 99.9 %`. */
export function chanceWords(probability: number): string {
  if (probability >= 0.9995) return 'over 99.9 %';
  if (probability <= 0.0005) return 'under 0.1 %';
  return `${(probability * 100).toFixed(1)} %`;
}

/** To the digit in which thresholds near 0 or 1 still differ: 99.9994 %. */
export function exactChance(probability: number): string {
  if (probability <= 0 || probability >= 1) return probability <= 0 ? '0 %' : '100 %';
  const percent_left = Math.min(probability, 1 - probability) * 100;
  const digits = Math.min(12, Math.max(1, 1 - Math.floor(Math.log10(percent_left))));
  return `${(probability * 100).toFixed(digits)} %`;
}

/** What a comparison found, without the names of algorithms. Labels that a team wrote stay as they are. */
export function levelWords(label: string): string {
  for (const [pattern, words] of LEVELS) {
    const found = pattern.exec(label);
    if (found !== null) return label.replace(pattern, words.replace('$1', found[1] ?? ''));
  }
  return label;
}

const LEVELS: readonly (readonly [RegExp, string])[] = [
  [/^missing$/, 'a value is missing'],
  [/^none of these$/, 'differs'],
  [/^exact$/, 'the same'],
  [/\bexact\b/, 'is the same'],
  [/\bphonetic\b/, 'sounds the same'],
  [/Jaro-Winkler ≥ ([\d.]+)/, 'spelled nearly the same (likeness $1 or more)'],
  [/Damerau-Levenshtein ≤ 1$/, 'one letter apart'],
  [/Damerau-Levenshtein ≤ (\d+)/, 'at most $1 letters apart'],
  [/last (\d+) signs/, 'the last $1 characters are the same'],
];

/** `first_name` as `First name`. */
export function fieldWords(name: string): string {
  const words = name.replaceAll(/[_.]+/g, ' ').trim();
  return words.charAt(0).toUpperCase() + words.slice(1);
}
