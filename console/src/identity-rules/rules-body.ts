/** The body of the definition `identity-rules` named `default`. */
export interface IdentityRules {
  /** In order of priority: the first leads, the last is given up first. */
  readonly identifiers: readonly IdentifierRule[];
  readonly phone_country_code?: string;
  readonly block_junk?: boolean;
  readonly learned?: { readonly user_ids: number; readonly others: number };
}

export interface IdentifierRule {
  readonly type: string;
  readonly paths?: readonly string[];
  readonly normalise?: string;
  readonly limit?: {
    readonly ever?: number | null;
    readonly window?: { readonly count: number; readonly days: number } | null;
  };
  readonly merges?: boolean;
  readonly blocked?: readonly string[];
  readonly blocked_patterns?: readonly string[];
  readonly hash_of?: string;
}

export const NORMALISERS = [
  { value: 'none', label: 'As it comes' },
  { value: 'lower', label: 'Lower case' },
  { value: 'email', label: 'E-mail' },
  { value: 'phone', label: 'Phone number' },
  { value: 'sha256', label: 'SHA-256 hash' },
];

/** 'at most 5', 'at most 25 new in 7 days', 'any number'. */
export function limitWords(limit: IdentifierRule['limit']): string {
  const parts = [
    limit?.ever == null ? '' : `at most ${limit.ever}`,
    limit?.window == null ? '' : `at most ${limit.window.count} new in ${limit.window.days} days`,
  ].filter((part) => part !== '');
  return parts.length === 0 ? 'any number' : parts.join(', ');
}
