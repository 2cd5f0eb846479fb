import { fieldIssues, inWords } from '../../kernel/in-words.ts';
import { judgePattern } from '../../kernel/safe-pattern.ts';
import type { DefinitionKind } from '../../kernel/stage.ts';
import { type IdentityRules, IdentityRulesBody } from './identity-rules.ts';

export const IDENTITY_RULES_KIND = 'identity-rules';

type Problem = { readonly field: string; readonly message: string };

export const identityRulesKind: DefinitionKind = {
  kind: IDENTITY_RULES_KIND,
  summary: 'Which identifiers make a person: where they stand, their limits and order, what is blocked.',
  check(body, name) {
    const named =
      name === 'default' ? [] : [{ field: 'name', message: 'There is one set of rules: name it `default`.' }];
    return [...named, ...ruleProblems(body)];
  },
};

export function ruleProblems(body: unknown): Problem[] {
  const { data, error } = IdentityRulesBody.safeParse(body, { error: inWords });
  if (error !== undefined) return fieldIssues(error);
  return data.identifiers.flatMap((rule, i) => typeProblems(data, rule, i));
}

function typeProblems(
  { identifiers }: IdentityRules,
  rule: IdentityRules['identifiers'][number],
  i: number,
): Problem[] {
  const problems: Problem[] = [];
  const add = (field: string, message: string) =>
    problems.push({ field: `identifiers.${i}.${field}`, message });
  if (identifiers.findIndex((other) => other.type === rule.type) < i)
    add('type', `${rule.type} is there twice: keep one of them.`);
  for (const own of ['user_id', 'anonymous_id']) {
    // Events stand at these two as they came, and their place in the warehouse is fixed.
    if (rule.type === own && (rule.normalise !== 'none' || rule.paths.some((path) => path !== own)))
      add('paths', `${own} is read from ${own} as it came: leave paths and normalise alone.`);
    else if (rule.type !== own && rule.paths.some((path) => path === own))
      add('paths', `${own} is an identifier of its own: it cannot be a ${rule.type} too.`);
  }
  rule.blocked_patterns.forEach((pattern, n) => {
    const verdict = judgePattern(pattern);
    if (verdict.is === 'refused') add(`blocked_patterns.${n}`, `This cannot be used: ${verdict.message}.`);
  });
  if (rule.hash_of !== undefined && (rule.normalise !== 'sha256' || rule.hash_of === rule.type))
    add('hash_of', 'A hash is made for a type with `normalise: sha256`, of another type.');
  else if (rule.hash_of !== undefined && !identifiers.some((other) => other.type === rule.hash_of))
    add('hash_of', `There is no identifier ${rule.hash_of}.`);
  return problems;
}
