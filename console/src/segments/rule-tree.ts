/** A rule while it is edited: every part has an id that stays with it, and `not` is a mark on a part. */
export type Part = Branch | Leaf;

export interface Branch {
  readonly id: number;
  readonly is: 'branch';
  readonly how: 'all' | 'any';
  readonly not: boolean;
  readonly parts: readonly Part[];
}

export interface Leaf {
  readonly id: number;
  readonly is: 'leaf';
  readonly not: boolean;
  /** With `predicate`, its name. */
  readonly body: Readonly<Record<string, unknown>>;
}

let last_id = 0;
const nextId = () => ++last_id;

export function newLeaf(body: Leaf['body']): Leaf {
  return { id: nextId(), is: 'leaf', not: false, body };
}

export function newBranch(how: Branch['how'], parts: readonly Part[]): Branch {
  return { id: nextId(), is: 'branch', how, not: false, parts };
}

/** Any JSON that the server calls a rule; what is no rule becomes an empty group. The root is always a group. */
export function readRule(value: unknown): Branch {
  const part = readPart(value);
  if (part === undefined) return newBranch('all', []);
  return part.is === 'branch' && !part.not ? part : newBranch('all', [part]);
}

function readPart(value: unknown): Part | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const body = value as Readonly<Record<string, unknown>>;
  if ('not' in body) {
    const inner = readPart(body['not']);
    if (inner === undefined) return undefined;
    return inner.not ? { ...newBranch('all', [inner]), not: true } : { ...inner, not: true };
  }
  for (const how of ['all', 'any'] as const) {
    const list = body[how];
    if (Array.isArray(list))
      return newBranch(
        how,
        list.map(readPart).filter((part) => part !== undefined),
      );
  }
  return typeof body['predicate'] === 'string' ? newLeaf(body) : undefined;
}

export function writeRule(part: Part): unknown {
  const plain = part.is === 'leaf' ? part.body : { [part.how]: part.parts.map(writeRule) };
  return part.not ? { not: plain } : plain;
}

/** Where each part stands in what `writeRule` gives, as the server names it: id -> `rule.all[1].not`. */
export function placesOf(root: Part, place = 'rule'): Map<number, string> {
  const here = part_place(root, place);
  const places = new Map([[root.id, here]]);
  if (root.is === 'branch') {
    root.parts.forEach((part, index) => {
      for (const [id, at] of placesOf(part, `${here}.${root.how}[${index}]`)) places.set(id, at);
    });
  }
  return places;
}

const part_place = (part: Part, place: string) => (part.not ? `${place}.not` : place);

/** The tree with `change` made to one part; undefined takes the part out. */
export function changePart(root: Branch, id: number, change: (part: Part) => Part | undefined): Branch {
  return (mapPart(root, id, (part) => asList(change(part)))[0] as Branch | undefined) ?? newBranch('all', []);
}

function mapPart(part: Part, id: number, change: (part: Part) => readonly Part[]): readonly Part[] {
  if (part.id === id) return change(part);
  if (part.is === 'leaf') return [part];
  const parts = part.parts.flatMap((each) => mapPart(each, id, change));
  const same = parts.length === part.parts.length && parts.every((each, index) => each === part.parts[index]);
  return [same ? part : { ...part, parts }];
}

const asList = (part: Part | undefined): readonly Part[] => (part === undefined ? [] : [part]);

export function removePart(root: Branch, id: number): Branch {
  return id === root.id ? { ...root, parts: [] } : changePart(root, id, () => undefined);
}

/** A copy right after the part, with ids of its own. */
export function duplicatePart(root: Branch, id: number): Branch {
  return mapPart(root, id, (part) => [part, copyOf(part)])[0] as Branch;
}

function copyOf(part: Part): Part {
  return part.is === 'leaf'
    ? { ...part, id: nextId() }
    : { ...part, id: nextId(), parts: part.parts.map(copyOf) };
}

export function addPart(root: Branch, group_id: number, added: Part): Branch {
  return changePart(root, group_id, (part) =>
    part.is === 'branch' ? { ...part, parts: [...part.parts, added] } : part,
  );
}

/** The part in a group of its own, to hang alternatives beside it. */
export function wrapPart(root: Branch, id: number, how: Branch['how']): Branch {
  return id === root.id ? root : changePart(root, id, (part) => newBranch(how, [part]));
}

/**
 * One step up or down in reading order: past a neighbour, into a group that stands next, or out of its group at the
 * edge. At the very edge of the rule nothing changes.
 */
export function movePart(root: Branch, id: number, by: -1 | 1): Branch {
  const parent = parentOf(root, id);
  if (parent === undefined) return root;
  const at = parent.parts.findIndex((part) => part.id === id);
  const moved = parent.parts[at];
  const neighbour = parent.parts[at + by];
  if (moved === undefined) return root;
  const without = removePart(root, id);
  if (neighbour === undefined) {
    if (parent.id === root.id) return root;
    // Out of the group, to the side that it left through.
    return mapPart(without, parent.id, (group) => (by < 0 ? [moved, group] : [group, moved]))[0] as Branch;
  }
  if (neighbour.is === 'branch') {
    return changePart(without, neighbour.id, (group) =>
      group.is === 'branch'
        ? { ...group, parts: by < 0 ? [...group.parts, moved] : [moved, ...group.parts] }
        : group,
    );
  }
  return mapPart(without, neighbour.id, (other) => (by < 0 ? [moved, other] : [other, moved]))[0] as Branch;
}

function parentOf(root: Branch, id: number): Branch | undefined {
  if (root.parts.some((part) => part.id === id)) return root;
  for (const part of root.parts) {
    const found = part.is === 'branch' ? parentOf(part, id) : undefined;
    if (found !== undefined) return found;
  }
  return undefined;
}
