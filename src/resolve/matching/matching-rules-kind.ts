import { fieldIssues, inWords } from '../../kernel/in-words.ts';
import type { DefinitionKind } from '../../kernel/stage.ts';
import {
  fieldsOfLevel,
  type KeyRule,
  type MatchingRules,
  MatchingRulesBody,
  type TestRule,
} from './rules.ts';

export const MATCHING_RULES_KIND = 'matching-rules';

interface Problem {
  readonly field: string;
  readonly message: string;
}

export const matchingRulesKind: DefinitionKind = {
  kind: MATCHING_RULES_KIND,
  summary:
    'Which records may be the same person: fields, blocking, comparisons, thresholds, and what is linked.',
  check(body) {
    const parsed = MatchingRulesBody.safeParse(body, { error: inWords });
    if (!parsed.success) return fieldIssues(parsed.error);
    return [...sourceProblems(parsed.data), ...fieldProblems(parsed.data)];
  },
};

function sourceProblems(rules: MatchingRules): Problem[] {
  const problems: Problem[] = [];
  const same = (list: readonly string[]) => list.filter((one, i) => list.indexOf(one) !== i);
  if (rules.mode === 'link' && rules.right === undefined)
    problems.push({ field: 'right', message: 'Link mode compares two sources: name the list on the right.' });
  if (rules.mode === 'dedupe' && rules.right !== undefined)
    problems.push({
      field: 'right',
      message: 'Dedupe mode looks within `left` only: take `right` away, or set mode to link.',
    });
  if (rules.left !== 'people' && rules.left.list === rules.right?.list)
    problems.push({ field: 'right', message: 'Left and right are the same list: use mode dedupe.' });
  for (const twice of same(rules.fields.map((f) => f.name)))
    problems.push({ field: 'fields', message: `Two fields are named ${twice}.` });
  for (const twice of same(rules.comparisons.map((c) => c.name)))
    problems.push({ field: 'comparisons', message: `Two comparisons are named ${twice}.` });
  return problems;
}

/** Fields that a rule names and nobody declares, and tests that do not suit the kind of field. */
function fieldProblems(rules: MatchingRules): Problem[] {
  const fields = new Map(rules.fields.map((f) => [f.name, f]));
  const problems: Problem[] = [];
  const need = (place: string, name: string, kinds?: readonly string[], test?: string): void => {
    const field = fields.get(name);
    if (field === undefined)
      problems.push({ field: place, message: `There is no field ${name} under \`fields\`.` });
    else if (kinds !== undefined && !kinds.includes(field.clean))
      problems.push({
        field: place,
        message: `${test} needs a field cleaned as ${kinds.join(' or ')}; ${name} is ${field.clean}.`,
      });
    else if (field.hash !== undefined && test !== undefined)
      problems.push({ field: place, message: `${name} is hashed: only equality can be tested.` });
  };
  const needKeys = (place: string, keys: readonly KeyRule[]): void => {
    keys.forEach((key, i) => {
      need(
        `${place}.${i}`,
        key.field,
        KEY_KINDS[key.as],
        key.as === 'whole' ? undefined : `The part ${key.as}`,
      );
    });
    if (keys.filter((key) => key.as === 'item').length > 1)
      problems.push({ field: place, message: 'A rule can look into one list only.' });
  };
  rules.blocking.forEach((keys, i) => {
    needKeys(`blocking.${i}`, keys);
  });
  if (rules.prior.from === 'rules')
    rules.prior.rules.forEach((keys, i) => {
      needKeys(`prior.rules.${i}`, keys);
    });
  rules.comparisons.forEach((comparison, c) => {
    need(`comparisons.${c}.field`, comparison.field);
    comparison.levels.forEach((level, l) => {
      for (const test of level.is === 'all' ? level.of : [level])
        for (const name of fieldsOfLevel(test, comparison.field))
          need(
            `comparisons.${c}.levels.${l}`,
            name,
            TEST_KINDS[test.is],
            test.is === 'exact' || test.is === 'swapped' ? undefined : `The level ${test.is}`,
          );
    });
    const exact = comparison.levels.some(
      (level) => level.is === 'exact' && (level.field ?? comparison.field) === comparison.field,
    );
    if (comparison.term_frequency && (!exact || fields.get(comparison.field)?.clean === 'list'))
      problems.push({
        field: `comparisons.${c}.term_frequency`,
        message: 'Term frequencies need a level `exact` of a field that is no list.',
      });
  });
  return problems;
}

const TEXTS = ['name', 'email', 'phone', 'date', 'postcode', 'number', 'text'];
const KEY_KINDS: Readonly<Partial<Record<KeyRule['as'], readonly string[]>>> = {
  whole: TEXTS,
  prefix: TEXTS,
  suffix: TEXTS,
  soundex: ['name', 'text'],
  year: ['date'],
  item: ['list'],
};
const TEST_KINDS: Readonly<Partial<Record<TestRule['is'], readonly string[]>>> = {
  jaro_winkler: TEXTS,
  damerau_levenshtein: TEXTS,
  date_within: ['date'],
  months_within: ['date'],
  number_within: ['number'],
  share_within: ['number'],
  phonetic: ['name', 'text'],
  common_items: ['list'],
  same_end: TEXTS,
};
