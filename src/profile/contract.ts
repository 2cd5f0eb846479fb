/** What later stages may know of profile: sessions, traits, and how to read a person. */
import type { PersonId } from '../kernel/ids.ts';
import { type Sql, table } from '../kernel/sql.ts';
import type { NodeId } from '../resolve/contract.ts';

/** One row a session and version; the newest version counts (ReplacingMergeTree on `version`), unless `removed`. */
export const SESSIONS = table('sessions');

export interface SessionRow {
  readonly session_id: string;
  readonly person_id: string;
  /** ISO 8601 UTC, milliseconds. */
  readonly started_at: string;
  readonly ended_at: string;
  readonly events: number;
  readonly pages: number;
  /** Campaign that opened it, `source/medium/campaign`; empty when none. */
  readonly campaign: string;
  readonly entry_path: string;
  readonly exit_path: string;
  readonly referrer: string;
  readonly bot: 0 | 1;
  /** 1 when it passed the limits of length or count and is kept apart. */
  readonly runaway: 0 | 1;
  /** How often a late event opened it again. */
  readonly reopened: number;
  /** 1 when merged into another session, and so no longer there. */
  readonly removed: 0 | 1;
  /** Log position of the last event that changed it. */
  readonly version: number;
}

export { sensitiveTraits } from './people/trait-settings.ts';

/**
 * One row a trait, node and version (ReplacingMergeTree on `version`, ORDER BY (trait, node)): the newest value that was
 * said of the node. `value` is JSON. A person's trait is the value with the greatest `(at, value)` over the nodes.
 */
export const TRAITS = table('traits');
/** What was last said of groups (accounts): `group_type, group_id, trait, value, at, source_id, version`; read with FINAL. */
export const GROUP_TRAITS = table('group_traits');
/** Nodes that were ever said to be in a group: `group_type, group_id, node, since, version`; read with FINAL. */
export const GROUP_MEMBERS = table('group_members');

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

/** A trait of a person at a moment. */
export interface TraitReading {
  readonly value: Json;
  /** When it was said or happened, ms since 1970 UTC. */
  readonly at_ms: number;
  /** As long as nothing is received the value stays until then (exclusive), ms; Infinity when time alone changes nothing. */
  readonly until_ms: number;
  /** Who said it: source id, or `computed`. */
  readonly source_id: string;
}

/**
 * A person as decisions see one. Names that start with `$` are kept by Plumbline: `$country $region $city $timezone
 * $locale $device_type $os $browser $referrer $first_seen $last_seen $consent.<purpose>`; `group.<type>` are group ids,
 * `score.<name>` scores. Computed traits are read by the name of their definition.
 */
export interface PersonProfile {
  readonly person: PersonId;
  readonly nodes: readonly NodeId[];
  /** Undefined when nothing is known. */
  read(trait: string, now_ms: number): TraitReading | undefined;
  /** Names that have a value. */
  names(): readonly string[];
  /** A computed trait whose history is still being counted: `read` says nothing of it, and that must not be taken for none. */
  isPending(trait: string): boolean;
}

export interface ProfileReader {
  /** In the order of `people`. Sees what was counted, committed or not. */
  profilesOf(people: readonly PersonId[]): Promise<PersonProfile[]>;
}

/** The same in SQL. */
export interface TraitSql {
  /**
   * Query with columns `person UInt64, value String` (JSON): everybody who has the trait at `now_ms`, computed ones
   * included. Refuses a name that nobody could have with undefined.
   */
  traitQuery(trait: string, now_ms: number): Sql | undefined;
  /** Names and JSON types of traits that exist, for checks and for pickers. */
  traitNames(): Promise<
    readonly { readonly name: string; readonly types: readonly string[]; readonly people: number }[]
  >;
}
