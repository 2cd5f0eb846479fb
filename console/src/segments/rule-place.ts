const WORDS: Readonly<Record<string, string>> = { all: 'all of', any: 'any of', not: 'not' };

/** True below an odd number of `not`: there a part helps by being false. */
export function isTurned(place: string): boolean {
  return (place.match(/\bnot\b/g) ?? []).length % 2 === 1;
}

/** The groups around a part, from the outside in: `rule.all[0].any[1].not` as 'all of, any of, not'. */
export function wayOf(place: string): string {
  const steps = place.match(/all|any|not/g) ?? [];
  return steps.map((step) => WORDS[step]).join(', ');
}
