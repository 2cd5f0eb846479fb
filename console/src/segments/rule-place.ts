const WORDS: Readonly<Record<string, string>> = { all: 'all of', any: 'any of', not: 'not' };

/** The groups around a part, from the outside in: `rule.all[0].any[1].not` as 'all of, any of, not'. */
export function wayOf(place: string): string {
  const steps = place.match(/all|any|not/g) ?? [];
  return steps.map((step) => WORDS[step]).join(', ');
}
