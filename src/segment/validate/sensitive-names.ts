/**
 * What must not be used or guessed without a decision: special categories of personal data (GDPR Art. 9 and 10), and
 * what harms people in like ways. A list of words finds what is named; what is not named is found by its association
 * (`sensitivity.service.ts`) or not at all.
 */
const SUBJECTS: readonly (readonly [about: string, words: RegExp])[] = [
  [
    'health',
    /^(health|medical|medicine|medication|diagnos\w*|disease|illness|disab\w*|pregnan\w*|fertility|allerg\w*|mental|therapy|symptom\w*|patient|bmi|drug|hiv)$/,
  ],
  ['religion', /^(religio\w*|faith|church|mosque|muslim|christian|jewish|hindu|halal|kosher)$/],
  ['ethnic origin', /^(ethnic\w*|race|racial|skin|nationality|migrant|native)$/],
  ['political opinion', /^(politic\w*|party|vote\w*|voting|election)$/],
  ['trade union', /^(union|tradeunion)$/],
  ['sexual life', /^(sex|sexual\w*|gay|lesbian|lgbt\w*|orientation|gender)$/],
  ['biometrics and genes', /^(biometric\w*|genetic\w*|dna|fingerprint|face)$/],
  ['crime', /^(crim\w*|convict\w*|offen[cs]e|arrest\w*|prison)$/],
  [
    'income and debt',
    /^(income|salary|wage\w*|debt\w*|credit|creditscore|networth|wealth|bankrupt\w*|insolven\w*|benefits|unemploy\w*|poverty)$/,
  ],
  ['children', /^(child|children|kid|kids|minor|minors|underage)$/],
];

/** What a name is about, when a word of it is on the list: `householdIncome`, `credit_score`, `health.bmi`. */
export function sensitiveSubject(name: string): string | undefined {
  const words = name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '');
  const pairs = words.slice(1).map((word, i) => `${words[i]}${word}`);
  return SUBJECTS.find(([, pattern]) => [...words, ...pairs].some((word) => pattern.test(word)))?.[0];
}

const NAMING = new Set([
  'trait',
  'property',
  'path',
  'field',
  'event',
  'group',
  'score',
  'segment',
  'name',
  'signal',
]);

/** Names of fields, events, groups and the like anywhere in a rule or another body. */
export function namesIn(body: unknown, key = ''): string[] {
  if (typeof body === 'string') return NAMING.has(key) ? [body] : [];
  if (Array.isArray(body)) return [...new Set(body.flatMap((each) => namesIn(each, key)))];
  if (typeof body !== 'object' || body === null) return [];
  return [...new Set(Object.entries(body).flatMap(([inner, value]) => namesIn(value, inner)))];
}
