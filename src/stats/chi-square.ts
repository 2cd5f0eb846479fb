/**
 * Probability that a chi-square variable with `df` degrees of freedom is at least x: the upper regularised incomplete
 * gamma function Q(df/2, x/2), by series or continued fraction (Press et al., Numerical Recipes, 6.2). About 1e-12.
 */
export function chiSquareTail(x: number, df: number): number {
  if (!(df > 0)) throw new RangeError(`degrees of freedom above 0, not ${df}`);
  if (x <= 0) return 1;
  const a = df / 2;
  const z = x / 2;
  const scale = Math.exp(-z + a * Math.log(z) - logGamma(a));
  if (z < a + 1) {
    let term = 1 / a;
    let sum = term;
    for (let n = a + 1; Math.abs(term) > Math.abs(sum) * 1e-16; n++) {
      term *= z / n;
      sum += term;
    }
    return Math.max(0, 1 - sum * scale);
  }
  // Lentz's method.
  let b = z + 1 - a;
  let c = 1e300;
  let d = 1 / b;
  let h = d;
  for (let i = 1; i < 10_000; i++) {
    const an = -i * (i - a);
    b += 2;
    d = 1 / (an * d + b || 1e-300);
    c = b + an / c || 1e-300;
    h *= d * c;
    if (Math.abs(d * c - 1) < 1e-16) break;
  }
  return Math.min(1, h * scale);
}

const LANCZOS = [
  0.9999999999998099, 676.5203681218851, -1259.1392167224028, 771.3234287776531, -176.6150291621406,
  12.507343278686905, -0.13857109526572012, 9.984369578019572e-6, 1.5056327351493116e-7,
];

/** Lanczos, g = 7, n = 9; x > 0. */
function logGamma(x: number): number {
  if (x < 0.5) return Math.log(Math.PI / Math.sin(Math.PI * x)) - logGamma(1 - x);
  const t = x - 1;
  const sum = LANCZOS.reduce((s, c, i) => (i === 0 ? c : s + c / (t + i)), 0);
  return 0.5 * Math.log(2 * Math.PI) + (t + 0.5) * Math.log(t + 7.5) - (t + 7.5) + Math.log(sum);
}
