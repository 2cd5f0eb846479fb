/** Rings of names that refer to each other, each as the way round: `['a', 'b', 'a']`. */
export function findCycles(refersTo: ReadonlyMap<string, readonly string[]>): string[][] {
  const cycles: string[][] = [];
  const done = new Set<string>();
  const way: string[] = [];
  const visit = (name: string): void => {
    const at = way.indexOf(name);
    if (at !== -1) {
      cycles.push([...way.slice(at), name]);
      return;
    }
    if (done.has(name)) return;
    way.push(name);
    for (const other of refersTo.get(name) ?? []) visit(other);
    way.pop();
    done.add(name);
  };
  for (const name of refersTo.keys()) visit(name);
  return cycles;
}
