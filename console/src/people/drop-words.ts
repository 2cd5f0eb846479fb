import type { LinkAnswer } from '../api/identity.ts';

const WORDS: Readonly<Record<string, string>> = {
  unmerged: 'kept apart by a decision',
  never_merge: 'this type never joins two people',
  shared_device: 'the device is shared',
  learned: 'it was seen with too many people to join anybody',
  blocked: 'the rules block this value',
};

/** Why an identifier did not join: `limit user_id ever` as 'the limit of user id was reached'. */
export function dropWords(rule: string): string {
  const limit = /^limit (\S+) (ever|window)$/.exec(rule);
  if (limit?.[1] !== undefined) {
    const type = limit[1].replaceAll('_', ' ');
    return limit[2] === 'ever'
      ? `a person may not have more of ${type}`
      : `too many new values of ${type} in a short time`;
  }
  return WORDS[rule] ?? rule.replaceAll('_', ' ');
}

/** Why identifiers that somebody linked are not one person. */
export function refusalWords(reason: LinkAnswer['reason']): string {
  if (reason === null) return '';
  const { identifier, rule, unmerge } = reason;
  const detail = unmerge === null || unmerge.detail === '' ? '' : ` (${unmerge.detail})`;
  const since = unmerge === null ? '' : ` of ${unmerge.at.slice(0, 10)}${detail}`;
  return `${identifier.type.replaceAll('_', ' ')} ${identifier.value}: ${dropWords(rule)}${since}.`;
}

/** Who decided a change, and why as far as they said; empty for changes that events made. */
export const decisionWords = ({
  actor_id,
  detail,
}: {
  readonly actor_id: string;
  readonly detail: string;
}): string => [actor_id === '' ? '' : `by ${actor_id}`, detail].filter((part) => part !== '').join(': ');

const CAUSES: Readonly<Record<string, string>> = {
  event: 'an event',
  alias: 'an alias call',
  link: 'a decision',
  match: 'matching',
  import: 'an import',
  unmerge: 'a decision',
  rules: 'changed rules',
};

export function causeWords(cause: string): string {
  return CAUSES[cause] ?? cause;
}
