/** What later stages may know of resolve: identifiers, nodes, people, and the tables that say who is who. */
import type { LoggedEvent } from '../collect/contract.ts';
import type { PersonId } from '../kernel/ids.ts';
import { type Sql, table } from '../kernel/sql.ts';

/** One row a node and version (ReplacingMergeTree on `version`): the person that the node belongs to now. */
export const IDENTITIES = table('identities');
/** Every merge and unmerge with its cause, append-only. */
export const IDENTITY_CHANGES = table('identity_changes');

/** `email:ada@example.com`: the type is a name of the identity rules, the value is normalised by them. */
export interface Identifier {
  readonly type: string;
  readonly value: string;
}

/**
 * Key of an identifier: the first 8 bytes of MD5 over `type:value`, 16 hex digits here, UInt64 in the warehouse.
 * An event stands at one node for ever: that of its user id, else of its anonymous id (`events.node`), passing over
 * placeholders such as `null`; 0 in the warehouse, and no part of any batch, when neither is left.
 */
export type NodeId = string & { readonly brand: 'NodeId' };

/**
 * The person of events at an id that the rules block, or that was learnt to be shared: 0 in SQL, no part of any count of
 * people. What is kept by node stays with the node, for the day that it is allowed again.
 */
export const NOBODY = '0'.repeat(16) as PersonId;

/** A stored event on its way through the stages, with who it belongs to once its batch was resolved. */
export interface ResolvedEvent {
  readonly position: number;
  readonly event: LoggedEvent;
  readonly node: NodeId;
  /** The key of the person's leading identifier, 16 hex digits, or `NOBODY`. */
  readonly person: PersonId;
}

/** A node went to another person; `from` is the person that it belonged to, its own key when it was new or alone. */
export interface NodeMove {
  readonly node: NodeId;
  readonly from: PersonId;
  readonly to: PersonId;
}

/** What the resolve step hands on for a batch of stored events. */
export interface ResolvedBatch {
  /** In the order of the log. */
  readonly events: readonly ResolvedEvent[];
  /**
   * Nodes that changed hands because of this batch or of a decision since the last one. After a crash a later stage may
   * have a node at any person that it went through: then several moves of it lead to the same person.
   */
  readonly moves: readonly NodeMove[];
  /**
   * Nodes of anonymous ids whose device turned out to be shared from another moment on than was known: events went
   * over between the node and its twin, and what is kept by node of both is to be made again from events. A node that is
   * its own twin began or ceased to be nobody's.
   */
  readonly resplit?: readonly { readonly node: NodeId; readonly twin: NodeId }[];
}

/** What can be an identifier, by the identity rules that run. */
export interface IdentifierRules {
  /** Names of the types, the leading one first. */
  types(): readonly string[];
  /** Why a value cannot be one: a name, and a sentence for a person. Undefined when it can. */
  refusal(identifier: Identifier): { readonly rule: string; readonly message: string } | undefined;
}

/** Who a person is made of, for whoever keeps state by node. Sees what was resolved, committed or not. */
export interface PersonDirectory {
  /** Nodes of each person, in the order of `people`; empty when nobody has that id any more, or events at it are nobody's. */
  nodesOf(people: readonly PersonId[]): Promise<(readonly NodeId[])[]>;
  /** The person that each node belongs to now; a node never seen is its own person. */
  personsOf(nodes: readonly NodeId[]): Promise<PersonId[]>;
  /** Every identifier of each person, leading one first. */
  identifiersOf(people: readonly PersonId[]): Promise<(readonly Identifier[])[]>;
  /** The person with this identifier, normalised by the rules first; undefined when nobody has it. */
  find(identifier: Identifier): Promise<{ readonly node: NodeId; readonly person: PersonId } | undefined>;
}

/**
 * The same in SQL, over a query `FROM events` with the columns `node` and `timestamp`: give no expression of the same
 * SELECT one of these names.
 */
export interface PersonSql {
  /** `LEFT ANY JOIN …`, to put after `FROM events`. */
  readonly join: Sql;
  /** UInt64 expression, valid after `join`: the person of the event; 0 when it is nobody's. */
  readonly person: Sql;
  /** Query with columns `node UInt64, person UInt64`: only nodes whose person has another key than theirs, or is nobody (0). */
  readonly moved: Sql;
}

export interface PersonNodeSql extends PersonSql {
  /**
   * UInt64 expression, valid after `join`: the node that the stream counts the event at. It is the column `node`, except
   * that anonymous events on a device that several people use stand at the device's twin from then on.
   */
  readonly node: Sql;
}

/** Why identifiers stayed apart. */
export interface LinkRefusal {
  /** The one that did not join. */
  readonly identifier: Identifier;
  /** As in `identity_changes`: `limit user_id ever`, `unmerged`; `learned` or `blocked` when it joins nobody at all. */
  readonly rule: string;
  /** The decision, where the rule is `unmerged`. */
  readonly unmerge: {
    readonly id: string;
    /** ISO 8601 UTC. */
    readonly at: string;
    readonly actor_id: string;
    readonly detail: string;
  } | null;
}

/** What came of saying that identifiers are one person. */
export interface LinkAnswer {
  readonly person: PersonId;
  readonly joined: boolean;
  /** Those that are not of `person`. */
  readonly dropped: readonly Identifier[];
  /** Null when they are one person now. */
  readonly reason: LinkRefusal | null;
}

/** What only the thread that resolves may do; plain data in and out. */
export interface ResolveCommands {
  /** Joins identifiers by decision of a person or of a match; goes through the same rules and log as events do. */
  link(input: {
    readonly identifiers: readonly Identifier[];
    readonly cause: 'manual' | 'match';
    /** Never personal data: the proposal's or run's id. */
    readonly detail: string;
    readonly actor_id: string;
  }): Promise<LinkAnswer>;
  /**
   * The same for many groups at once, written together. A group that the rules know nothing of, or block, is refused in
   * words and stops no other.
   */
  linkMany(input: {
    readonly groups: readonly (readonly Identifier[])[];
    readonly cause: 'manual' | 'match';
    readonly detail: string;
    readonly actor_id: string;
  }): Promise<readonly (LinkAnswer | { readonly refused: string })[]>;
  /** Takes an identifier out of its person, or undoes one merge; what would join them again is refused from then on. */
  unmerge(
    input:
      | { readonly identifier: Identifier; readonly actor_id: string; readonly detail: string }
      | { readonly change_id: string; readonly actor_id: string; readonly detail: string },
  ): Promise<{ readonly moved: readonly NodeMove[] }>;
}
