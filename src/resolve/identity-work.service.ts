/**
 * The graph with all that goes with a write: rows of the warehouse, the revision that versions them, and the moves that
 * later stages have yet to hear of. The stream, commands, imports and re-derivation share it and take turns.
 */
import type { TableRef } from '../kernel/sql.ts';
import type { Changes, OnlineStore, Put } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { IDENTITIES, IDENTITY_CHANGES, type NodeMove } from './contract.ts';
import type { IdentityGraph, Resplit } from './graph/identity-graph.ts';
import { changeLine, identityLine } from './identity-rows.ts';

export const STATE_KEY = 'identity-state';
const MOVES_KEY = 'identity-moves';

/** What is known of the whole graph. */
export interface IdentityState {
  /** Goes up with every commit; the version of rows. */
  readonly revision: number;
  /** Log position up to which blocked values were counted. */
  readonly position: number;
  /** How often a value was blocked, by `type rule`. */
  readonly blocked: Readonly<Record<string, number>>;
  /** Fingerprints of the rules that the whole graph was made with; empty before the first event. */
  readonly reading: string;
  readonly joining: string;
}

export const NO_STATE: IdentityState = { revision: 0, position: 0, blocked: {}, reading: '', joining: '' };

export interface Handed {
  readonly moves: readonly NodeMove[];
  readonly resplit: readonly Resplit[];
}

export interface IdentityWork {
  readonly graph: IdentityGraph;
  state(): Promise<IdentityState>;
  setState(change: Partial<IdentityState>): void;
  /** What later stages must hear: this and whatever waits since earlier decisions. Say it once for each batch. */
  hand(settled: Handed): Promise<Handed>;
  /** Keeps for the next batch what no batch has handed on. */
  keep(settled: Handed): Promise<void>;
  take(): {
    readonly rows: readonly { readonly into: TableRef; readonly lines: string[] }[];
    readonly online: Changes;
  };
  committed(): void;
  reset(): void;
  /** Writes all that changed, rows first: for work outside the stream. */
  write(): Promise<void>;
}

const NOTHING: Handed = { moves: [], resplit: [] };
const INSERT_ROWS = 20_000;
const COMMIT_PUTS = 10_000;

export function createIdentityWork(deps: {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly graph: IdentityGraph;
}): IdentityWork {
  const { online, warehouse, graph } = deps;
  let state: IdentityState | undefined;
  let isDue = false;
  /** Undefined until read. Not handed on yet; and handed on since the last commit. */
  let waiting: Handed | undefined;
  let handed = NOTHING;
  let isLogged = false;

  const loaded = async (): Promise<Handed> => {
    if (waiting === undefined) {
      const stored = await online.get<Handed>(MOVES_KEY);
      waiting ??= stored ?? NOTHING;
      isLogged = stored !== undefined && stored.moves.length + stored.resplit.length > 0;
    }
    return waiting;
  };

  const take: IdentityWork['take'] = () => {
    const { nodes, changes } = graph.due();
    const before = state ?? NO_STATE;
    const puts = graph.puts();
    const told = both(handed, waiting ?? NOTHING);
    const says = told.moves.length + told.resplit.length > 0;
    const put: Put[] = [];
    // First of all: when a commit is cut off after some of its parts, the moves in them are told again.
    if (says || isLogged) put.push({ key: MOVES_KEY, value: told });
    isLogged = says;
    put.push(...puts);
    if (puts.length > 0 || isDue) {
      state = { ...before, revision: before.revision + 1 };
      put.push({ key: STATE_KEY, value: state });
    }
    return {
      rows: [
        { into: IDENTITIES, lines: Array.from(nodes, (node) => identityLine(node, before.revision + 1)) },
        { into: IDENTITY_CHANGES, lines: changes.map(changeLine) },
      ],
      online: { put, remove: graph.removes() },
    };
  };

  const committed = (): void => {
    handed = NOTHING;
    isDue = false;
    graph.committed();
  };

  return {
    graph,
    state: async () => (state ??= (await online.get<IdentityState>(STATE_KEY)) ?? NO_STATE),
    setState(change) {
      state = { ...(state ?? NO_STATE), ...change };
      isDue = true;
    },
    async hand(settled) {
      const all = both(await loaded(), settled);
      waiting = NOTHING;
      handed = both(handed, all);
      return all;
    },
    async keep(settled) {
      waiting = both(await loaded(), settled);
    },
    take,
    committed,
    reset() {
      state = undefined;
      waiting = undefined;
      handed = NOTHING;
      isDue = false;
      graph.reset();
    },
    async write() {
      const { rows, online: changes } = take();
      for (const { into, lines } of rows)
        for (let at = 0; at < lines.length; at += INSERT_ROWS)
          await warehouse.insert(into, lines.slice(at, at + INSERT_ROWS));
      const { put = [], remove = [] } = changes;
      for (let at = 0; at < put.length; at += COMMIT_PUTS)
        await online.commit({ put: put.slice(at, at + COMMIT_PUTS) });
      if (remove.length > 0) await online.commit({ remove });
      committed();
    },
  };
}

/** One move for each node: from where it was first to where it is last. */
function both(a: Handed, b: Handed): Handed {
  if (a.moves.length === 0 && a.resplit.length === 0) return b;
  const moves = new Map(a.moves.map((move) => [move.node, move]));
  for (const move of b.moves)
    moves.set(move.node, { ...move, from: moves.get(move.node)?.from ?? move.from });
  const resplit = new Map([...a.resplit, ...b.resplit].map((one) => [one.node, one]));
  return {
    moves: [...moves.values()].filter((move) => move.from !== move.to),
    resplit: [...resplit.values()],
  };
}
