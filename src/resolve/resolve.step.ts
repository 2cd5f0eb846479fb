/**
 * Who each stored event belongs to, in the order of the log. Most events carry identifiers that were seen together
 * before: those cost one look into a map. The others are read, added to the graph, and worked out once a batch.
 */
import { type LoggedEvent, standingId } from '../collect/contract.ts';
import type { PersonId } from '../kernel/ids.ts';
import type { TableRef } from '../kernel/sql.ts';
import type { Changes } from '../stores/online/port.ts';
import { NOBODY, type NodeId, type ResolvedBatch, type ResolvedEvent } from './contract.ts';
import { idsOf, learnIdentifiers } from './graph/learn-identifiers.ts';
import { type IdentityNode, nodeIdOf, twinValue } from './graph/unit.ts';
import type { IdentityWork } from './identity-work.service.ts';
import { type CompiledRules, fingerprints } from './rules/compile-rules.ts';
import {
  type CarriedIdentifiers,
  createEventReader,
  type EventReader,
  type Root,
} from './rules/identifiers-of-event.ts';

export interface StoredRecord {
  readonly position: number;
  readonly event: LoggedEvent;
}

/**
 * Add batches in log order; then take what they changed, insert the rows, commit the online changes in the order given,
 * and say `committed()`, or `reset()` after a failure and add again from the last committed position. The caller holds
 * the turn from the first `add` until then.
 */
export interface ResolveStep {
  add(records: readonly StoredRecord[]): Promise<ResolvedBatch>;
  take(): Promise<{
    readonly rows: readonly { readonly into: TableRef; readonly lines: readonly string[] }[];
    readonly online: Changes;
  }>;
  committed(): void;
  reset(): void;
}

/** A set of identifiers that the graph knows. */
interface Known {
  /** Where events with it stand, and the node's entry; undefined when the identifier is blocked. */
  readonly id: NodeId;
  readonly stands: IdentityNode | undefined;
  readonly is_blocked: boolean;
  readonly is_anonymous: boolean;
  readonly nodes: readonly IdentityNode[];
  readonly blocked: readonly string[];
  /** Nothing is new about it from then on, ms. */
  first_ms: number;
}

const KNOWN_MAX = 200_000;

export function createResolveStep(deps: {
  readonly work: IdentityWork;
  readonly rules: () => CompiledRules;
  /** Sets of identifiers kept in memory. */
  readonly known_max?: number;
}): ResolveStep {
  const { work, known_max = KNOWN_MAX } = deps;
  const { graph } = work;
  const known = new Map<string, Known>();
  let reader: { readonly rules: CompiledRules; readonly read: EventReader } | undefined;

  const currentReader = (): EventReader => {
    const rules = deps.rules();
    if (reader?.rules !== rules) {
      known.clear();
      reader = { rules, read: createEventReader(rules) };
    }
    return reader.read;
  };

  const fresh = (key: string, at_ms: number): Known | undefined => {
    const found = known.get(key);
    if (found === undefined || at_ms < found.first_ms) return undefined;
    return found.nodes.some((node) => node.gone) ? undefined : found;
  };

  function learn({ record: { event }, carried: read, at_ms }: Place, ids: readonly NodeId[]): Known {
    const carried = read();
    const { source_id, message_id } = event;
    const origin = { source_id, message_id, at_ms, heard_ms: Date.parse(event.received_at) };
    const nodes = learnIdentifiers(graph, carried, ids, { ...origin, cause: 'event' });
    const place = standingId(event);
    if (place === undefined) throw new Error('an event that stands nowhere is no part of a batch');
    const { type, value } = place;
    const stands = nodes.find((node) => node.type === type && node.value === value);
    return {
      id: stands?.id ?? nodeIdOf(type, value),
      stands,
      is_blocked: carried.kept_out.some((group) => group[0]?.type === type && group[0].value === value),
      is_anonymous: type === 'anonymous_id',
      nodes,
      blocked: carried.blocked,
      first_ms: at_ms,
    };
  }

  const remember = (key: string, found: Known): void => {
    if (known.size >= known_max) known.clear();
    known.set(key, found);
  };

  return {
    async add(records) {
      const read = currentReader();
      const state = await work.state();
      const places = records.map((record) => placeOf(record, read));
      const before = places.map(({ key, at_ms }) => fresh(key, at_ms));
      const unknown = places.filter((_, i) => before[i] === undefined);
      const ids = new Map(unknown.map((one) => [one, idsOf(one.carried())]));
      await graph.load([...ids.values()].flat());
      const blocked = new Map<string, number>();
      const found = places.map((place, i) => {
        const { record, key, at_ms } = place;
        // What this batch itself has taught since is known, too.
        let one = before[i] ?? fresh(key, at_ms);
        if (one === undefined) {
          one = learn(place, ids.get(place) ?? []);
          remember(key, one);
        }
        if (one.blocked.length > 0 && record.position > state.position)
          for (const rule of one.blocked) blocked.set(rule, (blocked.get(rule) ?? 0) + 1);
        return one;
      });
      if (blocked.size > 0) countBlocked(work, state.blocked, blocked, records.at(-1)?.position ?? 0);
      const { moves, resplit } = work.hand(graph.settle());
      const events = places.map(({ record, at_ms }, i) => resolved(record, at_ms, found[i] as Known));
      return { events, moves, resplit };
    },
    async take() {
      const state = await work.state();
      const late = graph.settle();
      work.keep(late);
      if (state.reading === '') work.setState(fingerprints(deps.rules()));
      return work.take();
    },
    committed: () => work.committed(),
    reset() {
      known.clear();
      work.reset();
    },
  };
}

function countBlocked(
  work: IdentityWork,
  before: Readonly<Record<string, number>>,
  more: ReadonlyMap<string, number>,
  position: number,
): void {
  const blocked = { ...before };
  for (const [rule, count] of more) blocked[rule] = (blocked[rule] ?? 0) + count;
  work.setState({ blocked, position });
}

function resolved({ position, event }: StoredRecord, at_ms: number, one: Known): ResolvedEvent {
  const { id, stands, is_anonymous, is_blocked } = one;
  if (is_blocked || stands?.learned === true) return { position, event, node: id, person: NOBODY };
  if (stands === undefined) return { position, event, node: id, person: id as string as PersonId };
  if (is_anonymous && at_ms >= stands.shared_ms) {
    const twin = nodeIdOf(stands.type, twinValue(stands.value));
    return { position, event, node: twin, person: twin as string as PersonId };
  }
  return { position, event, node: id, person: stands.person };
}

interface Place {
  readonly record: StoredRecord;
  readonly at_ms: number;
  readonly key: string;
  readonly carried: () => CarriedIdentifiers;
}

function placeOf(record: StoredRecord, read: EventReader): Place {
  const { event } = record;
  const at_ms = Date.parse(event.timestamp);
  if (event.type !== 'alias' && !read.mayCarry(event)) {
    let carried: CarriedIdentifiers | undefined;
    return {
      record,
      at_ms,
      key: plainKey(event),
      carried: () => (carried ??= read.read(event, () => undefined)),
    };
  }
  const parsed = read.read(event, parseOnce(event));
  return { record, at_ms, key: keyOf(event, parsed), carried: () => parsed };
}

/** Ids may hold any character: the length says where the first ends. */
const plainKey = ({ user_id, anonymous_id }: LoggedEvent): string =>
  `${user_id.length} ${user_id}${anonymous_id}`;

/** The plain key, which begins with a digit, unless the event carries more. */
function keyOf(event: LoggedEvent, { identifiers, previous, blocked, kept_out }: CarriedIdentifiers): string {
  const more = [...identifiers, ...previous].filter(
    ({ type, value }) =>
      !(type === 'user_id' && value === event.user_id) &&
      !(type === 'anonymous_id' && value === event.anonymous_id),
  );
  return more.length === 0 && blocked.length === 0
    ? plainKey(event)
    : JSON.stringify([event.user_id, event.anonymous_id, previous.length, more, blocked, kept_out]);
}

function parseOnce(event: Readonly<Record<Root, string>>): (root: Root) => unknown {
  const parsed: Partial<Record<Root, unknown>> = {};
  return (root) => {
    if (!(root in parsed)) parsed[root] = JSON.parse(event[root] || '{}');
    return parsed[root];
  };
}
