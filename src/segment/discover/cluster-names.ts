import { bestAssignment } from '../../stats/best-assignment.ts';

/** A cluster of the run before. */
export interface NamedCluster {
  readonly key: string;
  readonly title: string;
}

export interface KeptName extends NamedCluster {
  /** The cluster it goes on from; null for a new one. */
  readonly kept_from: string | null;
  /** Jaccard of its people with that one, among people of both runs. */
  readonly overlap: number | null;
}

/** Share of the people of either that both must have for a name to go on: half of each. */
const KEPT_FROM = 1 / 3;

/**
 * Names of new clusters: those of the run before where most of the people are the same ones, so that what hangs on a
 * name goes on working after a refit; else names of their own. Titles are unique, also against those of the run before:
 * the first suggestion that is free, and a number only where none is. Keys are never used again (`used`): one that ended
 * does not come to mean other people.
 *
 * `shared[o][n]`: people of old cluster o and new cluster n. Sizes are of people of both runs, in a cluster or none.
 */
export function keepNames(
  old: readonly NamedCluster[],
  suggested: readonly (readonly string[])[],
  shared: readonly (readonly number[])[],
  old_sizes: readonly number[],
  new_sizes: readonly number[],
  used: ReadonlySet<string> = new Set(),
): KeptName[] {
  const jaccard = suggested.map((_, n) =>
    old.map((_, o) => {
      const both = shared[o]?.[n] ?? 0;
      const either = (old_sizes[o] ?? 0) + (new_sizes[n] ?? 0) - both;
      return either === 0 ? 0 : both / either;
    }),
  );
  const from = old.length === 0 ? suggested.map(() => -1) : bestAssignment(jaccard);
  const keys = new Set([...used, ...old.map((cluster) => cluster.key)]);
  const titles = new Set(old.map((cluster) => cluster.title));
  return suggested.map((suggestions, n) => {
    const before = old[from[n] ?? -1];
    const overlap = jaccard[n]?.[from[n] ?? -1] ?? 0;
    if (before !== undefined && overlap >= KEPT_FROM) return { ...before, kept_from: before.key, overlap };
    const free = suggestions.find((suggestion) => !titles.has(suggestion));
    const title = take(free ?? suggestions.at(-1) ?? 'Cluster', ' ', titles);
    return { key: take(slug(title), '-', keys), title, kept_from: null, overlap: null };
  });
}

export const slug = (title: string): string =>
  title
    .toLowerCase()
    .replaceAll(/['’]/g, '')
    .replaceAll(/[^\p{L}\p{N}]+/gu, '-')
    .replaceAll(/^-|-$/g, '')
    .slice(0, 60) || 'cluster';

/** Numbered where the same one comes again. */
export function different(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => take(name, ' ', taken));
}

/** The name, numbered from the second on. */
function take(name: string, between: string, taken: Set<string>): string {
  let free = name;
  for (let i = 2; taken.has(free); i++) free = `${name}${between}${i}`;
  taken.add(free);
  return free;
}
