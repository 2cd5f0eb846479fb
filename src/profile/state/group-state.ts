import { compareText } from './compare-text.ts';
import { canonicalJson, type JsonObject } from './event-json.ts';
import { own } from './node-state.ts';
import { fold, isTraitName, type Register, TRAITS_MAX, VALUE_MAX } from './register.ts';

/** What is known of a group or account: registers, as those of a node. */
export interface GroupState {
  readonly traits: Readonly<Record<string, Register>>;
}

/** Counts a group event; the same one twice changes nothing. Names of what is other now go into `changed`. */
export function addToGroup(
  state: GroupState | undefined,
  said: JsonObject,
  at_ms: number,
  source_id: string,
  changed: Set<string>,
): GroupState {
  const traits: Record<string, Register> = { ...state?.traits };
  for (const [name, value] of Object.entries(said)) {
    if (value === undefined || name === 'groupType' || !isTraitName(name)) continue;
    const text = canonicalJson(value);
    if (text.length > VALUE_MAX) continue;
    const before = own(traits, name);
    const after = fold(name, before, [text, at_ms, source_id]);
    if (after === before) continue;
    traits[name] = after;
    changed.add(name);
  }
  const names = Object.keys(traits);
  if (names.length <= TRAITS_MAX) return { traits };
  for (const name of names.sort(compareText).slice(TRAITS_MAX)) delete traits[name];
  return { traits };
}
