export interface JsonChange {
  readonly path: string;
  /** Undefined when the field is new. */
  readonly before: unknown;
  /** Undefined when the field is gone. */
  readonly after: unknown;
}

/** Leaves that differ between two JSON values, by path, in the order of the first. */
export function diffJson(before: unknown, after: unknown, path = ''): readonly JsonChange[] {
  if (JSON.stringify(before) === JSON.stringify(after)) return [];
  if (!isContainer(before) || !isContainer(after) || Array.isArray(before) !== Array.isArray(after)) {
    return [{ path, before, after }];
  }
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].flatMap((key) =>
    diffJson(before[key], after[key], joinPath(path, key, Array.isArray(before))),
  );
}

/** Paths of every field, as in `properties.products[0].price`: suggestions for the rule builder. */
export function pathsOf(value: unknown, path = ''): readonly string[] {
  if (!isContainer(value)) return path === '' ? [] : [path];
  const below = Object.keys(value).flatMap((key) =>
    pathsOf(value[key], joinPath(path, key, Array.isArray(value))),
  );
  return path === '' ? below : [path, ...below];
}

function joinPath(path: string, key: string, in_array: boolean): string {
  if (in_array) return `${path}[${key}]`;
  return path === '' ? key : `${path}.${key}`;
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
