/** A draw of the number of hits in n trials of probability p; from a variance of 50 on by the normal approximation. */
export function binomial(n: number, p: number, random: () => number): number {
  if (n === 0 || p === 0) return 0;
  if (p === 1) return n;
  if (n * p * (1 - p) > 50) {
    const normal = Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
    return Math.min(n, Math.max(0, Math.round(n * p + normal * Math.sqrt(n * p * (1 - p)))));
  }
  // Waiting times between successes (Devroye 1986, X.4.1), on the rarer side.
  if (p > 0.5) return n - binomial(n, 1 - p, random);
  let count = 0;
  for (let at = wait(p, random); at <= n; at += wait(p, random)) count++;
  return count;
}

const wait = (p: number, random: () => number): number =>
  Math.max(1, Math.ceil(Math.log(1 - random()) / Math.log(1 - p)));
