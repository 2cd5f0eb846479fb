/**
 * The graph with all that goes with a write: rows of the warehouse, the revision that versions them, and the moves that
 * later stages have yet to hear of. The stream, commands, imports and re-derivation share it and take turns.
 */
import type { PersonId } from '../kernel/ids.ts';
import type { TableRef } from '../kernel/sql.ts';
import type { Turns } from '../kernel/turns.ts';
import type { Changes, OnlineStore, Put } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { IDENTITIES, IDENTITY_CHANGES, type NodeId } from './contract.ts';
import type { IdentityGraph, Settled } from './graph/identity-graph.ts';
import { changeLine, identityLine } from './identity-rows.ts';
import { createMovesTold } from './moves-told.ts';

export const STATE_KEY = 'identity-state';
const JOURNAL_KEY = 'identity-journal';

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

/** Written before everything else of a commit; see `take`. */
interface Journal extends Settled {
  readonly revision: number;
  readonly units: readonly string[];
}

export interface IdentityWork {
  readonly graph: IdentityGraph;
  /** Call it first, with the turn: reads what is committed, and mends what a crash left half committed. */
  state(): Promise<IdentityState>;
  setState(change: Partial<IdentityState>): void;
  /** What later stages must hear: this and whatever waits since earlier decisions. Say it once for each batch. */
  hand(settled: Settled): Settled;
  /** Keeps for the next batch what no batch has handed on. */
  keep(settled: Settled): void;
  take(): {
    readonly rows: readonly { readonly into: TableRef; readonly lines: string[] }[];
    readonly online: Changes;
  };
  committed(): void;
  reset(): void;
  /** Writes all that changed, rows first: for work outside the stream. */
  write(): Promise<void>;
}

/** With the turn, and with nothing half done when it fails. */
export async function holding<T>(
  { work, turns }: { readonly work: IdentityWork; readonly turns: Turns },
  act: () => Promise<T>,
): Promise<T> {
  const passOn = await turns.take();
  try {
    return await act();
  } catch (error) {
    work.reset();
    throw error;
  } finally {
    passOn();
  }
}

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
  /** Not handed on yet, and handed on since the last commit. */
  const waiting = createMovesTold();
  const handed = createMovesTold();
  let isLogged = false;

  async function open(): Promise<IdentityState> {
    if (state !== undefined) return state;
    const stored = await online.getMany<IdentityState | Journal>([STATE_KEY, JOURNAL_KEY]);
    const [found = NO_STATE, journal] = stored as [IdentityState | undefined, Journal | undefined];
    if (journal !== undefined) {
      if (journal.revision > found.revision) await graph.repair(journal.units);
      // Told once more, in case that whoever should hear of them did not come to commit it; as they are now.
      await graph.load(journal.moves.map(({ node }) => node));
      const nowOf = (node: NodeId) => graph.get(node)?.person ?? (node as string as PersonId);
      waiting.add(journal);
      waiting.add({
        moves: journal.moves.map(({ node, to }) => ({ node, from: to, to: nowOf(node) })),
        resplit: [],
      });
      isLogged = true;
    }
    state = found;
    return state;
  }

  const take: IdentityWork['take'] = () => {
    const { nodes, units, changes } = graph.due();
    const before = state ?? NO_STATE;
    const revision = before.revision + 1;
    const puts = graph.puts();
    const told = createMovesTold();
    told.add(handed.all());
    told.add(waiting.all());
    const put: Put[] = [];
    if (puts.length > 0 || isDue || isLogged || !told.isEmpty()) {
      // The journal comes first and the state last. A commit that is cut off between is seen by that, mended, and its
      // moves are told again.
      const journal: Journal = { revision, units, ...told.all() };
      state = { ...before, revision };
      put.push({ key: JOURNAL_KEY, value: journal }, ...puts, { key: STATE_KEY, value: state });
      isLogged = !told.isEmpty();
    }
    return {
      rows: [
        { into: IDENTITIES, lines: Array.from(nodes, (node) => identityLine(node, revision)) },
        { into: IDENTITY_CHANGES, lines: changes.map(changeLine) },
      ],
      online: { put, remove: graph.removes() },
    };
  };

  const committed = (): void => {
    handed.clear();
    isDue = false;
    graph.committed();
  };

  return {
    graph,
    state: open,
    setState(change) {
      state = { ...(state ?? NO_STATE), ...change };
      isDue = true;
    },
    hand(settled) {
      if (waiting.isEmpty()) {
        handed.add(settled);
        return settled;
      }
      waiting.add(settled);
      const all = waiting.all();
      waiting.clear();
      handed.add(all);
      return all;
    },
    keep(settled) {
      waiting.add(settled);
    },
    take,
    committed,
    reset() {
      state = undefined;
      waiting.clear();
      handed.clear();
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
