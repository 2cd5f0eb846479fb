export interface Plan {
  readonly release: number;
  readonly changes: readonly {
    readonly kind: string;
    readonly name: string;
    readonly change: 'create' | 'update' | 'remove' | 'none';
    readonly from_version?: number;
    readonly diff: readonly { readonly path: string; readonly before?: unknown; readonly after?: unknown }[];
  }[];
  readonly problems: readonly Problem[];
}

interface Problem {
  readonly kind: string;
  readonly name: string;
  readonly field: string;
  readonly message: string;
}

const SIGNS = { create: '+', update: '~', remove: '-' } as const;

/** A plan for people: one line for each definition that changes, below it what changes inside. */
export function planText({ release, changes }: Plan): string {
  const lines = changes.flatMap(({ kind, name, change, from_version, diff }) => {
    if (change === 'none') return [];
    const from = from_version === undefined ? '' : ` (version ${from_version})`;
    const inside = change === 'update' ? diff.map(differenceText) : [];
    return [`${SIGNS[change]} ${kind}/${name}${from}`, ...inside];
  });
  const same = changes.filter((c) => c.change === 'none').length;
  const changed = changes.length - same;
  const against = release === 0 ? 'Nothing is released yet.' : `Compared with release ${release}.`;
  const count = `${changed} to change, ${same} the same.`;
  return [...lines, ...(lines.length > 0 ? [''] : []), `${against} ${count}`].join('\n');
}

export const problemsText = (problems: readonly Problem[]): string =>
  problems.map(({ kind, name, field, message }) => `! ${kind}/${name} ${field}: ${message}`).join('\n');

function differenceText(difference: Plan['changes'][number]['diff'][number]): string {
  const { path } = difference;
  if (!('before' in difference)) return `    + ${path}: ${short(difference.after)}`;
  if (!('after' in difference)) return `    - ${path}: ${short(difference.before)}`;
  return `    ~ ${path}: ${short(difference.before)} → ${short(difference.after)}`;
}

function short(value: unknown): string {
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length > 80 ? `${text.slice(0, 79)}…` : text;
}
