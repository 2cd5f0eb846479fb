import type { PersonId } from '../../kernel/ids.ts';
import type { NodeId } from '../../resolve/contract.ts';
import type { ComputedTraits } from '../computed/compile.ts';
import { type ComputedReading, type ComputedState, readComputed } from '../computed/window.ts';
import type { Json, PersonProfile, TraitReading } from '../contract.ts';
import { CONSENT_PREFIX, laterDecision } from './consent.ts';
import { memberOf } from './event-json.ts';
import { type NodeState, own } from './node-state.ts';
import type { ReadyTraits } from './profile-keys.ts';
import { fold, isReserved, type Register } from './register.ts';
import { registerOf } from './trait-rows.ts';

/**
 * A person from the states of its nodes; folds what is asked for when it is asked for. A computed trait whose history
 * is not counted yet is unknown, not wrong.
 */
export function createPersonProfile(
  person: PersonId,
  nodes: readonly NodeId[],
  states: readonly NodeState[],
  computed: ComputedTraits,
  { ready }: ReadyTraits,
): PersonProfile {
  const kept = new Map<string, { readonly now_ms: number; readonly reading: ComputedReading | undefined }>();

  const readOwn = (name: string, now_ms: number): ComputedReading | undefined => {
    const trait = computed.of_events.get(name);
    if (trait === undefined || ready[name] !== trait.id) return undefined;
    const known = kept.get(name);
    if (known?.reading !== undefined && known.now_ms <= now_ms && now_ms < known.reading.until_ms)
      return known.reading;
    const reading = readComputed(trait, computedStates(states, name), now_ms);
    kept.set(name, { now_ms, reading });
    return reading;
  };

  const readRegister = (name: string): Register | undefined => {
    let newest: Register | undefined;
    const isConsent = name.startsWith(CONSENT_PREFIX);
    for (const state of states) {
      const said = registerOf(state, name);
      if (said === undefined) continue;
      newest = isConsent
        ? laterDecision(newest, said)
        : newest === undefined
          ? said
          : fold(name, newest, said);
    }
    return newest;
  };

  const read = (name: string, now_ms: number): TraitReading | undefined => {
    if (computed.of_events.has(name)) {
      const reading = readOwn(name, now_ms);
      return reading === undefined ? undefined : { ...reading, source_id: 'computed' };
    }
    const seen_ms = seenAt(name, states);
    if (seen_ms !== undefined) return readingOf(new Date(seen_ms).toISOString(), seen_ms, 'plumbline');
    const register = readRegister(name);
    if (register !== undefined) {
      const value = JSON.parse(register[0]) as Json;
      return value === null ? undefined : readingOf(value, register[1], register[2]);
    }
    return readInside(name, now_ms);
  };

  /** `address.city` is the city of the trait `address`. */
  const readInside = (name: string, now_ms: number): TraitReading | undefined => {
    const dot = name.lastIndexOf('.');
    if (dot <= 0 || isReserved(name)) return undefined;
    const whole = read(name.slice(0, dot), now_ms);
    const value = memberOf(whole?.value, name.slice(dot + 1)) as Json | undefined;
    return whole === undefined || value === undefined || value === null ? undefined : { ...whole, value };
  };

  return {
    person,
    nodes,
    read,
    names: () => namesOf(states, computed, ready),
    isPending(name) {
      const trait = computed.of_events.get(name);
      return trait !== undefined && ready[name] !== trait.id;
    },
  };
}

const readingOf = (value: Json, at_ms: number, source_id: string): TraitReading => ({
  value,
  at_ms,
  until_ms: Number.POSITIVE_INFINITY,
  source_id,
});

function computedStates(states: readonly NodeState[], name: string): ComputedState[] {
  return states.flatMap((state) => own(state.computed, name) ?? []);
}

/** Only of nodes that events stand at: an identifier alone was never seen. */
function seenAt(name: string, states: readonly NodeState[]): number | undefined {
  if (name !== '$first_seen' && name !== '$last_seen') return undefined;
  const seen = states.filter((state) => state.first_ms > 0);
  if (seen.length === 0) return undefined;
  return name === '$first_seen'
    ? Math.min(...seen.map((state) => state.first_ms))
    : Math.max(...seen.map((state) => state.last_ms));
}

function namesOf(
  states: readonly NodeState[],
  computed: ComputedTraits,
  ready: ReadyTraits['ready'],
): readonly string[] {
  const names = new Set<string>(
    seenAt('$first_seen', states) === undefined ? [] : ['$first_seen', '$last_seen'],
  );
  for (const state of states) {
    for (const [name, [value]] of Object.entries(state.traits)) {
      if (value !== 'null') names.add(name);
    }
    for (const purpose of Object.keys(state.consent)) names.add(CONSENT_PREFIX + purpose);
    for (const [name, { id }] of Object.entries(state.computed)) {
      if (ready[name] === id && computed.of_events.get(name)?.id === id) names.add(name);
    }
  }
  return [...names].sort();
}
