import { IMPORT_BASE, IMPORT_SOURCE_ID, type LoggedEvent } from '../../collect/contract.ts';
import { type ComputedTraits, contributionOf, type Documents, documentsOf } from '../computed/compile.ts';
import { addToComputed, type ComputedState } from '../computed/window.ts';
import { compareText } from './compare-text.ts';
import { addConsent, CONSENT_PREFIX, type ConsentTimes, PURPOSES_MAX, readConsent } from './consent.ts';
import { contextTraits } from './context-traits.ts';
import { canonicalJson, memberOf } from './event-json.ts';
import { GROUPS_MAX, type GroupKey, groupOf } from './group-key.ts';
import { fold, isTraitName, type Register, TRAITS_MAX, VALUE_MAX } from './register.ts';

/**
 * What is known of a node: everything in it folds with that of other nodes (register.ts, consent.ts, window.ts), so that
 * a person is a fold over nodes, and a merge or an unmerge is only another fold.
 */
export interface NodeState {
  /** Log position of the last event counted here: up to it, events are not counted again. */
  readonly position: number;
  readonly first_ms: number;
  readonly last_ms: number;
  readonly traits: Readonly<Record<string, Register>>;
  readonly consent: Readonly<Record<string, ConsentTimes>>;
  /** Groups that it was ever said to be in: since when, ms. */
  readonly groups: Readonly<Record<GroupKey, number>>;
  readonly computed: Readonly<Record<string, ComputedState>>;
}

/**
 * A state that is being added to; its maps are its own, but not the days of computed traits: those are added to in place,
 * so what a draft was made from is stale from then on, and read anew when the draft comes to nothing.
 */
export type NodeDraft = {
  -readonly [K in keyof NodeState]: NodeState[K] extends number
    ? number
    : { -readonly [P in keyof NodeState[K]]: NodeState[K][P] };
};

export type NodeEvent = Pick<
  LoggedEvent,
  | 'type'
  | 'event'
  | 'source_id'
  | 'timestamp'
  | 'group_id'
  | 'properties'
  | 'traits'
  | 'context'
  | 'user_agent'
  | 'bot'
>;

export const newDraft = (state?: NodeState): NodeDraft =>
  state === undefined
    ? { position: 0, first_ms: 0, last_ms: 0, traits: {}, consent: {}, groups: {}, computed: {} }
    : {
        ...state,
        traits: { ...state.traits },
        consent: { ...state.consent },
        groups: { ...state.groups },
        computed: { ...state.computed },
      };

/** Counts one event, in any order of arrival. Names of the traits that are other now go into `changed`. */
export function addToNode(
  state: NodeDraft,
  event: NodeEvent,
  position: number,
  computed: ComputedTraits,
  changed: Set<string>,
): void {
  const at_ms = Date.parse(event.timestamp);
  if (position < IMPORT_BASE) state.position = Math.max(state.position, position);
  if (wasThere(event)) {
    state.first_ms = state.first_ms === 0 ? at_ms : Math.min(state.first_ms, at_ms);
    state.last_ms = Math.max(state.last_ms, at_ms);
  }
  const documents = documentsOf(event);
  const { source_id } = event;
  const set = (name: string, register: Register): void => setTrait(state, name, register, changed);

  if (event.type === 'identify') addTraits(documents('traits'), at_ms, source_id, set);
  const context = documents('context');
  contextTraits(context, { user_agent: event.user_agent, source_id, at_ms }, set);
  for (const [purpose, granted] of readConsent(context)) {
    state.consent[purpose] = addConsent(own(state.consent, purpose), granted, at_ms);
    changed.add(CONSENT_PREFIX + purpose);
    keepFirst(state.consent, PURPOSES_MAX);
  }
  if (source_id === IMPORT_SOURCE_ID) addScores(context, at_ms, set);
  if (event.type === 'group' && event.group_id !== '') {
    const { type, id, key } = groupOf(event, documents('traits'), context);
    set(`group.${type}`, [JSON.stringify(id), at_ms, source_id]);
    state.groups[key] = Math.min(own(state.groups, key) ?? at_ms, at_ms);
    keepFirst(state.groups, GROUPS_MAX);
  }
  count(state, event, at_ms, computed, documents);
}

/** Who is told of in a file was not seen by that; who bought something was. `traits.sql.ts` says the same. */
const wasThere = ({ source_id, type }: NodeEvent): boolean =>
  source_id !== IMPORT_SOURCE_ID || type === 'track';

function addTraits(
  traits: Readonly<Record<string, unknown>>,
  at_ms: number,
  source_id: string,
  set: (name: string, register: Register) => void,
): void {
  for (const [name, value] of Object.entries(traits)) {
    if (value === undefined || !isTraitName(name)) continue;
    const text = canonicalJson(value);
    if (text.length <= VALUE_MAX) set(name, [text, at_ms, source_id]);
  }
}

const SCORE = /^[a-z][a-z0-9_]{0,39}$/;

/** Scores of an imported file; nobody else can say them, since no key belongs to its source. */
function addScores(context: unknown, at_ms: number, set: (name: string, register: Register) => void): void {
  const scores = memberOf(context, 'scores');
  if (typeof scores !== 'object' || scores === null) return;
  for (const [name, value] of Object.entries(scores)) {
    if (SCORE.test(name) && typeof value === 'number')
      set(`score.${name}`, [canonicalJson(value), at_ms, IMPORT_SOURCE_ID]);
  }
}

function setTrait(state: NodeDraft, name: string, register: Register, changed: Set<string>): void {
  const before = own(state.traits, name);
  const after = fold(name, before, register);
  if (after === before) return;
  state.traits[name] = after;
  changed.add(name);
  if (before === undefined) keepFirst(state.traits, TRAITS_MAX);
}

function count(
  state: NodeDraft,
  event: NodeEvent,
  at_ms: number,
  computed: ComputedTraits,
  documents: Documents,
): void {
  for (const trait of computed.candidates(event.type, event.event)) {
    const contribution = contributionOf(trait, event, at_ms, documents);
    if (contribution === undefined) continue;
    state.computed[trait.name] = addToComputed(trait, own(state.computed, trait.name), contribution);
  }
}

/** Drops the names that come last: the same ones whatever the order of arrival. */
function keepFirst(record: Record<string, unknown>, max: number): void {
  const names = Object.keys(record);
  if (names.length <= max) return;
  for (const name of names.sort(compareText).slice(max)) delete record[name];
}

/** A name may be that of a property which every object has. */
export const own = <T>(record: Readonly<Record<string, T>>, name: string): T | undefined =>
  Object.hasOwn(record, name) ? record[name] : undefined;
