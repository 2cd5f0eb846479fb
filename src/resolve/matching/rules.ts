/** The body of a definition `matching-rules`: which records are compared, how, and what becomes of the pairs. */
import { z } from 'zod';

const name = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/, 'lower-case letters, digits and underscores, from a letter on');
const share = z.number().gt(0).lt(1);

export const CLEANERS = ['name', 'email', 'phone', 'date', 'postcode', 'number', 'text', 'list'] as const;

const Field = z.strictObject({
  name,
  /** Trait paths of people, `address.city`; the first that is not empty counts. The field's own name when left out. */
  from: z.array(z.string().min(1).max(200)).min(1).max(10).optional(),
  /** Column of a list; the field's own name when left out. */
  column: z.string().min(1).max(200).optional(),
  clean: z.enum(CLEANERS).default('text'),
  /** The list holds SHA-256 of the cleaned value, in hex: people's values are hashed the same way before they are compared. */
  hash: z.literal('sha256').optional(),
});

/** What must be equal for two records to be compared: a field, or a part of it. `item`: one item of a list, whichever. */
const Key = z.union([
  name.transform((field) => ({ field, as: 'whole' as const, length: 3 })),
  z.strictObject({
    field: name,
    as: z.enum(['whole', 'prefix', 'suffix', 'soundex', 'year', 'item']).default('whole'),
    length: z.number().int().min(1).max(40).default(3),
  }),
]);

const field = name.optional();
const label = z.string().min(1).max(80).optional();
const Test = z.discriminatedUnion('is', [
  z.strictObject({ is: z.literal('exact'), field, label }),
  z.strictObject({ is: z.literal('jaro_winkler'), at_least: share, field, label }),
  z.strictObject({
    is: z.literal('damerau_levenshtein'),
    at_most: z.number().int().min(1).max(20),
    field,
    label,
  }),
  z.strictObject({ is: z.literal('date_within'), days: z.number().int().min(1).max(40_000), field, label }),
  z.strictObject({
    is: z.literal('months_within'),
    months: z.number().int().min(1).max(1_200),
    field,
    label,
  }),
  z.strictObject({ is: z.literal('number_within'), difference: z.number().positive(), field, label }),
  /** Of the larger of the two, in absolute value. */
  z.strictObject({ is: z.literal('share_within'), share, field, label }),
  z.strictObject({ is: z.literal('phonetic'), field, label }),
  z.strictObject({ is: z.literal('common_items'), at_least: z.number().int().min(1).max(100), field, label }),
  z.strictObject({ is: z.literal('same_end'), length: z.number().int().min(2).max(40), field, label }),
  /** The field of one is the field `with` of the other, and the other way round. */
  z.strictObject({ is: z.literal('swapped'), with: name, field, label }),
]);
const Level = z.union([
  Test,
  z.strictObject({ is: z.literal('all'), of: z.array(Test).min(2).max(5), label }),
]);

const Comparison = z.strictObject({
  name,
  /** Empty on one side: the comparison says nothing about the pair. */
  field: name,
  /** The first that holds counts; one more, that none holds, follows by itself. */
  levels: z.array(Level).min(1).max(8),
  /** An agreement on a rare value weighs more than one on a common value; for the level `exact` of `field`. */
  term_frequency: z.boolean().default(false),
});

const Prior = z.discriminatedUnion('from', [
  /** Chance that two records drawn at random are the same. */
  z.strictObject({ from: z.literal('given'), probability: share }),
  /** Pairs found by rules that hardly err, over the share of all matches that they find. */
  z.strictObject({
    from: z.literal('rules'),
    rules: z.array(z.array(Key).min(1).max(5)).min(1).max(5),
    recall: z.number().gt(0).max(1),
  }),
  /** From the compared pairs themselves, over the share of all matches that blocking finds. */
  z.strictObject({ from: z.literal('pairs'), recall: z.number().gt(0).max(1).default(1) }),
]);

const threshold = z.union([
  z.strictObject({ precision: share }),
  z.strictObject({ probability: z.number().gt(0).max(1) }),
]);

export const MatchingRulesBody = z.strictObject({
  description: z.string().max(500).default(''),
  /** `dedupe`: among the records of one source. `link`: each record of `left` with those of `right`. */
  mode: z.enum(['dedupe', 'link']),
  left: z.union([z.literal('people'), z.strictObject({ list: name })]).default('people'),
  right: z.strictObject({ list: name }).optional(),
  fields: z.array(Field).min(1).max(30),
  blocking: z.array(z.array(Key).min(1).max(5)).min(1).max(16),
  comparisons: z.array(Comparison).min(1).max(16),
  prior: Prior.default({ from: 'pairs', recall: 1 }),
  /** Link mode: how often a record of each side may be used; the pairs of greatest weight come first. */
  assignment: z.enum(['any', 'one_left_for_each_right', 'one_to_one']).default('one_left_for_each_right'),
  /** Pairs from here on are linked by themselves when `auto` is true, else put at the top of the review queue. */
  accept: threshold.default({ precision: 0.99 }),
  /** Pairs from here up to `accept` go to the review queue. */
  review: z.strictObject({ probability: z.number().gt(0).max(1) }).default({ probability: 0.2 }),
  auto: z.boolean().default(false),
  /** A pair whose rival is this close in match weight (bits) is never linked by itself. */
  rival_margin: z.number().min(0).max(40).default(1),
  /** Two groups of records become one only when this share of the pairs between them reaches the threshold. */
  min_support: z.number().min(0).max(1).default(0.3),
  /** May a person known online be joined with a record of a list: always, with consent, never. */
  offline_online: z.enum(['allow', 'consented', 'never']).default('consented'),
  /** Category of `context.consent.categoryPreferences` that must be true; unknown is no. */
  consent_category: z.string().min(1).max(60).default('personalisation'),
  /** A block with more pairs is left out of its rule, and said in the result. */
  max_block_pairs: z.number().int().min(1).max(50_000_000).default(500_000),
  /** A rule with more pairs leaves its largest blocks out until it fits. */
  max_rule_pairs: z.number().int().min(1_000).max(1_000_000_000).default(30_000_000),
  sample_pairs: z.number().int().min(10_000).max(20_000_000).default(1_000_000),
  seed: z
    .number()
    .int()
    .min(0)
    .max(2 ** 31)
    .default(1),
});

export type MatchingRules = z.infer<typeof MatchingRulesBody>;
export type FieldRule = MatchingRules['fields'][number];
export type KeyRule = MatchingRules['blocking'][number][number];
export type ComparisonRule = MatchingRules['comparisons'][number];
export type LevelRule = ComparisonRule['levels'][number];
export type TestRule = Exclude<LevelRule, { is: 'all' }>;

/** Every field that a level looks at. */
export const fieldsOfLevel = (level: LevelRule, own: string): string[] =>
  level.is === 'all'
    ? level.of.flatMap((test) => fieldsOfLevel(test, own))
    : [level.field ?? own, ...(level.is === 'swapped' ? [level.with] : [])];

export const fieldsOfComparison = (comparison: ComparisonRule): string[] => [
  ...new Set([
    comparison.field,
    ...comparison.levels.flatMap((level) => fieldsOfLevel(level, comparison.field)),
  ]),
];

/** `first_name = , last_name prefix 3` and the like, as the console shows a blocking rule. */
export const nameOfKeys = (keys: readonly KeyRule[]): string =>
  keys
    .map(({ field: of, as, length }) =>
      as === 'whole' ? of : as === 'prefix' || as === 'suffix' ? `${of} ${as} ${length}` : `${of} ${as}`,
    )
    .join(' and ');

/** `jaro_winkler 0.9` and the like, when the level has no label of its own. */
export function nameOfLevel(level: LevelRule): string {
  if (level.label !== undefined) return level.label;
  const of = 'field' in level && level.field !== undefined ? `${level.field} ` : '';
  switch (level.is) {
    case 'all':
      return level.of.map(nameOfLevel).join(' and ');
    case 'exact':
    case 'phonetic':
      return `${of}${level.is}`;
    case 'swapped':
      return `${of}swapped with ${level.with}`;
    case 'jaro_winkler':
      return `${of}Jaro-Winkler ≥ ${level.at_least}`;
    case 'damerau_levenshtein':
      return `${of}Damerau-Levenshtein ≤ ${level.at_most}`;
    case 'date_within':
      return `${of}within ${level.days} days`;
    case 'months_within':
      return `${of}within ${level.months} months`;
    case 'number_within':
      return `${of}within ${level.difference}`;
    case 'share_within':
      return `${of}within ${Math.round(level.share * 100)} %`;
    case 'common_items':
      return `${of}≥ ${level.at_least} items in common`;
    case 'same_end':
      return `${of}last ${level.length} signs`;
  }
}
