import type { Precedence } from './precedence.ts';

export interface Membership {
  readonly segment: string;
  readonly since_ms: number;
}

/** What is known of somebody new. Empty text for unknown. */
export interface Facts {
  readonly country: string;
  /** Host, without `www.`; `direct` when there was none. */
  readonly referrer: string;
  readonly device: string;
}

export interface Decision {
  /** Null: in none. */
  readonly segment: string | null;
  /** From the outermost member to the decided one. */
  readonly path: readonly string[];
  readonly by:
    | 'only_member'
    | 'priority'
    | 'largest_value'
    | 'most_recent'
    | 'conflict'
    | 'cold_start'
    | 'nothing';
  readonly why: string;
}

type Rules = Pick<Precedence, 'members' | 'policy' | 'cold_start'>;
type Member = Precedence['members'][number];

/**
 * The one segment of the set that a person is in: level by level, from members that lie in no other to those inside the
 * one decided on. A conflict that the policy leaves open leaves the person where the level above put them. Ties go by
 * the order of the set. Memberships of other segments do not matter, nor does their order.
 */
export function resolveExclusive(memberships: readonly Membership[], rules: Rules, facts?: Facts): Decision {
  const since = new Map(memberships.map((m) => [m.segment, m.since_ms]));
  const held = rules.members.filter((m) => since.has(m.segment));
  const path: string[] = [];
  let decision: Decision = { segment: null, path, by: 'nothing', why: 'In no member of the set.' };
  for (let above: string | undefined; ; ) {
    const level = held.filter((m) => m.within === above);
    if (level.length === 0) break;
    const chosen = chooseOne(level, rules.policy, since);
    if (chosen === undefined) {
      const names = level.map((m) => `\`${m.segment}\``).join(' and ');
      const rest = above === undefined ? 'so in none' : `so they stay in \`${above}\``;
      decision = {
        segment: above ?? null,
        path,
        by: 'conflict',
        why: `In ${names}, and the set leaves conflicts open: ${rest}.`,
      };
      break;
    }
    path.push(chosen.member.segment);
    decision = { segment: chosen.member.segment, path, by: chosen.by, why: chosen.why };
    above = chosen.member.segment;
  }
  return decision.by === 'nothing' && facts !== undefined ? coldStart(facts, rules.cold_start) : decision;
}

function chooseOne(
  level: readonly Member[],
  policy: Precedence['policy'],
  since: ReadonlyMap<string, number>,
): { member: Member; by: Decision['by']; why: string } | undefined {
  const [first] = level;
  if (first === undefined) return undefined;
  if (level.length === 1)
    return {
      member: first,
      by: 'only_member',
      why: `In \`${first.segment}\` and in no other member of that level.`,
    };
  const others = (of: Member) =>
    level
      .filter((m) => m !== of)
      .map((m) => `\`${m.segment}\``)
      .join(', ');
  const most = (of: (member: Member) => number) =>
    level.reduce((best, m) => (of(m) > of(best) ? m : best), first);
  switch (policy) {
    case 'none_when_conflict':
      return undefined;
    case 'priority':
      return { member: first, by: 'priority', why: `\`${first.segment}\` goes before ${others(first)}.` };
    case 'largest_value': {
      const member = most((m) => m.value ?? Number.NEGATIVE_INFINITY);
      return {
        member,
        by: 'largest_value',
        why: `\`${member.segment}\` is worth most (${member.value}); also in ${others(member)}.`,
      };
    }
    case 'most_recent': {
      const member = most((m) => since.get(m.segment) ?? 0);
      return {
        member,
        by: 'most_recent',
        why: `Came to \`${member.segment}\` last; also in ${others(member)}.`,
      };
    }
  }
}

export function coldStart(facts: Facts, fallbacks: Rules['cold_start']): Decision {
  const found = fallbacks.find(
    ({ country, referrer, device }) =>
      (country === undefined || country.includes(facts.country)) &&
      (referrer === undefined ||
        referrer.some((host) => facts.referrer === host || facts.referrer.endsWith(`.${host}`))) &&
      (device === undefined || device.includes(facts.device)),
  );
  if (found === undefined)
    return { segment: null, path: [], by: 'nothing', why: 'In no member of the set, and no fallback fits.' };
  const because = (['country', 'referrer', 'device'] as const)
    .filter((key) => found[key] !== undefined)
    .map((key) => `${key} is ${facts[key]}`);
  const why = because.length === 0 ? 'it fits everybody' : because.join(', ');
  return {
    segment: found.segment,
    path: [found.segment],
    by: 'cold_start',
    why: `Nothing is known yet; ${why}.`,
  };
}
