/** A copy of `value` without the properties at `paths` (steps from the root). Objects on the way are copied, others shared. */
export function stripFields(
  value: Record<string, unknown>,
  paths: readonly (readonly string[])[],
): Record<string, unknown> {
  const root = { ...value };
  const copied = new Set<unknown>([root]);
  for (const path of paths) {
    let at: Record<string, unknown> | undefined = root;
    for (const step of path.slice(0, -1)) at = at === undefined ? undefined : ownCopy(at, step, copied);
    const last = path.at(-1);
    if (at !== undefined && last !== undefined) delete at[last];
  }
  return root;
}

/** The child at `step`, made a copy of its own the first time; undefined once it is gone. */
function ownCopy(
  at: Record<string, unknown>,
  step: string,
  copied: Set<unknown>,
): Record<string, unknown> | undefined {
  const child = Object.hasOwn(at, step) ? at[step] : undefined;
  if (typeof child !== 'object' || child === null) return undefined;
  if (copied.has(child)) return child as Record<string, unknown>;
  const copy = (Array.isArray(child) ? [...child] : { ...child }) as Record<string, unknown>;
  copied.add(copy);
  at[step] = copy;
  return copy;
}
