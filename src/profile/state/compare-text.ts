const SURROGATE = /[\ud800-\udfff]/;

/** Order of texts by the bytes of their UTF-8, as the warehouse sorts. Negative when `a` comes first. */
export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  // Without surrogates the order of code units is that of the bytes.
  if (!SURROGATE.test(a) && !SURROGATE.test(b)) return a < b ? -1 : 1;
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
