/** Rules ready for use: tables by type, patterns compiled once, and fingerprints that tell two sets apart. */
import type { Definitions } from '../../govern/contract.ts';
import { DAY_MS } from '../../kernel/clock.ts';
import { key64 } from '../../kernel/ids.ts';
import { judgePattern } from '../../kernel/safe-pattern.ts';
import {
  DEFAULT_RULES,
  type IdentifierRule,
  type IdentityRules,
  IdentityRulesBody,
} from './identity-rules.ts';
import { IDENTITY_RULES_KIND } from './identity-rules-kind.ts';
import { junkIdRule, junkRule } from './junk.ts';
import { hashed, normalise } from './normalise.ts';

export interface TypeRule extends IdentifierRule {
  /** 0 leads. */
  readonly priority: number;
  readonly ever: number;
  readonly window: { readonly count: number; readonly ms: number } | undefined;
}

export interface CompiledRules {
  readonly rules: IdentityRules;
  /** Tell apart rules that read identifiers differently, and rules that join them differently. */
  readonly reading: string;
  readonly joining: string;
  /** Undefined for a type that the rules do not know: it neither joins nor leads. */
  type(name: string): TypeRule | undefined;
  readonly types: readonly TypeRule[];
  /** Normalised, undefined when it cannot be one. */
  normalise(type: string, value: unknown): string | undefined;
  /** The rule that blocks a normalised value, undefined when it may join people. */
  blockedBy(type: string, value: string): string | undefined;
  /** Types that are the hash of `type`. */
  hashesOf(type: string): readonly TypeRule[];
}

/** Events stand at these, and never at a placeholder (collect), whatever the rules say. */
const STANDING = ['user_id', 'anonymous_id'];

export function compileRules(body?: unknown): CompiledRules {
  const rules = body === undefined ? DEFAULT_RULES : IdentityRulesBody.parse(body);
  const types = rules.identifiers.map((rule, priority): TypeRule => {
    const { ever, window } = rule.limit;
    return {
      ...rule,
      priority,
      ever: ever ?? Number.POSITIVE_INFINITY,
      window: window === null ? undefined : { count: window.count, ms: window.days * DAY_MS },
    };
  });
  const byName = new Map(types.map((rule) => [rule.type, rule]));
  const blocks = new Map(types.map((rule) => [rule.type, blockOf(rule, junkOf(rule, rules))]));
  const hashes = Map.groupBy(
    types.filter((rule) => rule.hash_of !== undefined),
    (rule) => rule.hash_of as string,
  );
  return {
    rules,
    reading: key64(JSON.stringify([rules.phone_country_code, rules.block_junk, types.map(readingPart)])),
    joining: key64(JSON.stringify(rules)),
    types,
    type: (name) => byName.get(name),
    normalise: (type, value) => {
      const rule = byName.get(type);
      return rule && normalise(value, rule.normalise, rules.phone_country_code);
    },
    blockedBy: (type, value) => blocks.get(type)?.(value),
    hashesOf: (type) => hashes.get(type) ?? [],
  };
}

const readingPart = ({ type, paths, normalise: how, blocked, blocked_patterns, hash_of }: IdentifierRule) => [
  type,
  paths,
  how,
  blocked,
  blocked_patterns,
  hash_of,
];

type Judge = (value: string) => string | undefined;

function junkOf({ type, normalise: how }: IdentifierRule, rules: IdentityRules): Judge {
  if (STANDING.includes(type)) return junkIdRule;
  return rules.block_junk ? (value) => junkRule(value, how, rules.phone_country_code) : () => undefined;
}

function blockOf(rule: IdentifierRule, junk: Judge): Judge {
  const values = new Set(rule.blocked.map((value) => normalise(value, rule.normalise, '') ?? value));
  const patterns = rule.blocked_patterns.flatMap((source) => {
    const verdict = judgePattern(source);
    return verdict.is === 'safe' ? [{ source, pattern: new RegExp(source, 'u'), ...verdict }] : [];
  });
  return (value) => {
    if (values.has(value)) return 'blocked_value';
    for (const { source, pattern, max_text_characters } of patterns)
      if (value.length <= max_text_characters && pattern.test(value)) return `pattern ${source}`;
    return junk(value);
  };
}

/** SHA-256 identifiers that the rules derive from one. */
export const derivedFrom = (
  rules: CompiledRules,
  type: string,
  value: string,
): readonly { readonly type: string; readonly value: string }[] =>
  rules.hashesOf(type).map((rule) => ({ type: rule.type, value: hashed(value) }));

/** The released rules, or the defaults; compiled once a release. */
export function releasedRules(definitions: Definitions): () => CompiledRules {
  let compiled: { readonly release: number; readonly rules: CompiledRules } | undefined;
  return () => {
    const release = definitions.release();
    if (compiled?.release !== release) {
      const released = definitions.current(IDENTITY_RULES_KIND).find((d) => d.name === 'default');
      compiled = { release, rules: compileRules(released?.body) };
    }
    return compiled.rules;
  };
}

export const fingerprints = ({ reading, joining }: CompiledRules) => ({ reading, joining });
