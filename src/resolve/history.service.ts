/**
 * Takes who is who out of events that are in the warehouse: history that was written in bulk, and everything again when
 * the rules read identifiers differently. It adds the same observations as the stream would, so it may run twice, over
 * events that the stream knows, and in any order.
 */
import type { Turns } from '../kernel/turns.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { NodeId } from './contract.ts';
import { idsOf, learnIdentifiers } from './graph/learn-identifiers.ts';
import { type HourCount, hourCounts, type IdentifierSetRow, identifierSets } from './identifier-sets.sql.ts';
import { holding, type IdentityWork } from './identity-work.service.ts';
import { type CompiledRules, fingerprints } from './rules/compile-rules.ts';
import {
  type CarriedIdentifiers,
  createEventReader,
  type EventReader,
  type Root,
} from './rules/identifiers-of-event.ts';
import { type TimeRange, timeSlices } from './time-slices.ts';

/** Events read by one query, and sets added before they are written. */
const SLICE_EVENTS = 200_000;
const WRITE_SETS = 20_000;
const QUERY_MS = 600_000;

export interface HistoryImport {
  /**
   * `new`: nobody keeps anything by the nodes that it makes, so they need no moves; it holds the turn until it is done.
   * `again`: the events were streamed before; the stream goes on in between. Ends early when `signal` aborts.
   */
  run(range: TimeRange, what: 'new' | 'again', signal?: AbortSignal): Promise<void>;
}

export function createHistoryImport(deps: {
  readonly work: IdentityWork;
  readonly warehouse: Warehouse;
  readonly rules: () => CompiledRules;
  readonly turns: Turns;
}): HistoryImport {
  const { work, warehouse } = deps;
  const { graph } = work;

  async function add(
    sets: readonly { readonly row: IdentifierSetRow; readonly carried: CarriedIdentifiers }[],
    born: Set<NodeId>,
    what: 'new' | 'again',
  ): Promise<void> {
    const ids = sets.flatMap(({ carried }) => idsOf(carried));
    await work.state();
    await graph.load(ids);
    if (what === 'new') for (const id of ids) if (graph.get(id) === undefined) born.add(id);
    for (const { row, carried } of sets) {
      const origin = {
        source_id: row.source,
        message_id: row.message,
        at_ms: row.at_ms,
        heard_ms: row.heard_ms,
      };
      learnIdentifiers(graph, carried, idsOf(carried), { ...origin, cause: 'import' });
    }
    const { moves, resplit } = graph.settle();
    const matters = ({ node }: { readonly node: NodeId }) => what === 'again' || !born.has(node);
    work.keep({ moves: moves.filter(matters), resplit: resplit.filter(matters) });
    await work.write();
  }

  async function addSlice(slice: TimeRange, born: Set<NodeId>, what: 'new' | 'again'): Promise<void> {
    const reader = createEventReader(deps.rules());
    const options = { timeout_ms: QUERY_MS };
    const rows = await warehouse.query<IdentifierSetRow>(identifierSets(reader, slice), options);
    for (let at = 0; at < rows.length; at += WRITE_SETS) {
      const some = rows.slice(at, at + WRITE_SETS);
      const sets = some.map((row) => ({ row, carried: carriedBy(row, reader) }));
      if (what === 'new') await add(sets, born, what);
      else await holding(deps, () => add(sets, born, what));
    }
  }

  const all: HistoryImport['run'] = async (range, what, signal) => {
    const hours = await warehouse.query<HourCount>(hourCounts(range), { timeout_ms: QUERY_MS });
    const born = new Set<NodeId>();
    for (const slice of timeSlices(hours, range, SLICE_EVENTS)) {
      if (signal?.aborted === true) return;
      await addSlice(slice, born, what);
    }
  };

  return {
    run: (range, what, signal) =>
      what === 'again'
        ? all(range, what, signal)
        : holding(deps, async () => {
            if ((await work.state()).reading === '') work.setState(fingerprints(deps.rules()));
            await all(range, what, signal);
          }),
  };
}

function carriedBy(row: IdentifierSetRow, reader: EventReader): CarriedIdentifiers {
  const roots: Record<Root, Record<string, unknown>> = { properties: {}, traits: {}, context: {} };
  reader.paths.forEach(({ root, keys }, i) => {
    const raw = row.found[i] ?? '';
    if (raw !== '') putAt(roots[root], keys, JSON.parse(raw));
  });
  if (row.external !== '') roots.context['externalIds'] = JSON.parse(row.external);
  const event = {
    type: row.is_alias === 1 ? 'alias' : '',
    user_id: row.user,
    anonymous_id: row.anonymous,
    previous_id: row.previous,
  };
  return reader.read(event, (root) => roots[root]);
}

function putAt(object: Record<string, unknown>, keys: readonly string[], value: unknown): void {
  let at = object;
  for (const key of keys.slice(0, -1)) {
    const next = Object.hasOwn(at, key) ? at[key] : undefined;
    const inner = typeof next === 'object' && next !== null ? (next as Record<string, unknown>) : {};
    at[key] = inner;
    at = inner;
  }
  at[keys.at(-1) as string] = value;
}
