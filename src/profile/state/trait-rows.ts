/** Rows of the tables, as lines of JSON. Keys of 64 bits are text there: JSON's numbers cannot hold them. */
import type { NodeId } from '../../resolve/contract.ts';
import { CONSENT_PREFIX, decisionOf } from './consent.ts';
import type { GroupName } from './group-key.ts';
import type { GroupState } from './group-state.ts';
import type { NodeState } from './node-state.ts';
import { own } from './node-state.ts';
import type { Register } from './register.ts';

export const decimalOf = (node: NodeId): string => BigInt(`0x${node}`).toString();

/** What stands under a name, decisions on consent included. */
export function registerOf(state: NodeState, name: string): Register | undefined {
  if (!name.startsWith(CONSENT_PREFIX)) return own(state.traits, name);
  const times = own(state.consent, name.slice(CONSENT_PREFIX.length));
  return times === undefined ? undefined : decisionOf(times);
}

/** One row for each of the names that is other than before. */
export function traitRows(
  node: NodeId,
  before: NodeState | undefined,
  now: NodeState,
  names: Iterable<string>,
  version: number,
): string[] {
  const rows: string[] = [];
  const key = decimalOf(node);
  for (const trait of names) {
    const register = registerOf(now, trait);
    if (register === undefined) continue;
    const [value, at_ms, source_id] = register;
    const old = before === undefined ? undefined : registerOf(before, trait);
    if (old !== undefined && old[0] === value && old[1] === at_ms && old[2] === source_id) continue;
    rows.push(JSON.stringify({ trait, node: key, value, at: isoOf(at_ms), source_id, version }));
  }
  return rows;
}

/** One row for each group that the node is newly in, or was in earlier than known. */
export function memberRows(
  node: NodeId,
  before: NodeState | undefined,
  now: NodeState,
  version: number,
): string[] {
  const changed = Object.entries(now.groups).filter(
    ([key, since_ms]) => before === undefined || own(before.groups, key) !== since_ms,
  );
  if (changed.length === 0) return [];
  const node_key = decimalOf(node);
  return changed.map(([key, since_ms]) => {
    const colon = key.indexOf(':');
    const [group_type, group_id] = [key.slice(0, colon), key.slice(colon + 1)];
    return JSON.stringify({ group_type, group_id, node: node_key, since: isoOf(since_ms), version });
  });
}

export function groupRows(
  { type, id }: GroupName,
  state: GroupState,
  names: Iterable<string>,
  version: number,
): string[] {
  const rows: string[] = [];
  for (const trait of names) {
    const register = own(state.traits, trait);
    if (register === undefined) continue;
    const [value, at_ms, source_id] = register;
    rows.push(
      JSON.stringify({ group_type: type, group_id: id, trait, value, at: isoOf(at_ms), source_id, version }),
    );
  }
  return rows;
}

/** Many traits are of the same day: the text of the last moment is kept. */
let last_ms = Number.NaN;
let last_iso = '';
function isoOf(ms: number): string {
  if (ms === last_ms) return last_iso;
  last_ms = ms;
  last_iso = new Date(ms).toISOString();
  return last_iso;
}
