const WORDS: Readonly<Record<string, string>> = {
  unmerged: 'kept apart by a decision',
  never_merge: 'this type never joins two people',
  shared_device: 'the device is shared',
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
