/**
 * Order of versions: negative when `a` is older. Dotted numbers compare by value (`2` < `10`, `1` = `1.0`); what
 * follows a hyphen is a pre-release and older than the version itself, as in semver.org 2.0.0, section 11.
 */
export function compareVersions(a: string, b: string): number {
  const [mainA, preA] = split(a);
  const [mainB, preB] = split(b);
  const main = compareLists(mainA, mainB, '0');
  if (main !== 0) return main;
  if (preA.length === 0 || preB.length === 0) return preB.length - preA.length;
  return compareLists(preA, preB, '');
}

function split(version: string): [string[], string[]] {
  const plain = version.replace(/^v(?=\d)/i, '').replace(/\+.*$/, '');
  const hyphen = plain.indexOf('-');
  if (hyphen < 0) return [plain.split('.'), []];
  return [plain.slice(0, hyphen).split('.'), plain.slice(hyphen + 1).split(/[.-]/)];
}

function compareLists(a: readonly string[], b: readonly string[], missing: string): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const order = compareParts(a[i] ?? missing, b[i] ?? missing);
    if (order !== 0) return order;
  }
  return 0;
}

/** Numbers by value and before words, as semver has it. */
function compareParts(a: string, b: string): number {
  const numberA = /^\d+$/.test(a);
  const numberB = /^\d+$/.test(b);
  if (numberA && numberB) return Number(a) - Number(b);
  if (numberA !== numberB) return a === '' ? -1 : b === '' ? 1 : numberA ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
