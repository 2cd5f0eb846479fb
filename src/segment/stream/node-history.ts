/**
 * What is kept of a node's events: for each signal that a released segment looks for, when it happened. Histories of the
 * nodes of a person are put together when the person is looked at, so merges and unmerges change nothing here.
 */
import { byMoment, type Mark } from '../rules/signal.ts';

export interface NodeHistory {
  /** Events up to this position of the log have been counted. */
  readonly position: number;
  /** There is an event; there is one that was a person's own doing. */
  readonly seen: boolean;
  readonly known: boolean;
  /** By key of the signal, by moment. */
  readonly marks: Readonly<Record<string, readonly Mark[]>>;
  /** Signals with more marks than are kept: only SQL can decide by them. */
  readonly overfull: readonly string[];
}

/** Marks kept of one signal at one node. */
export const MARKS_MAX = 2_000;

export const NO_HISTORY: NodeHistory = { position: 0, seen: false, known: false, marks: {}, overfull: [] };

export const historyKey = (node: string): string => `${HISTORY_PREFIX}${node}`;
export const HISTORY_PREFIX = 'history:';

/** A history while events are added to it. */
export interface HistoryDraft {
  /** Differs from what is stored by more than its position, which is of no use without the rest. */
  changed: boolean;
  position: number;
  seen: boolean;
  known: boolean;
  /** Own copies of the lists that grew; all others are the former ones. */
  marks: Record<string, readonly Mark[]>;
  readonly grown: Map<string, Mark[]>;
  overfull: readonly string[];
}

export const draftOf = (before: NodeHistory): HistoryDraft => ({
  ...before,
  changed: false,
  marks: { ...before.marks },
  grown: new Map(),
});

export function addMark(draft: HistoryDraft, signal: string, mark: Mark): void {
  draft.changed = true;
  let list = draft.grown.get(signal);
  if (list === undefined) {
    list = [...(draft.marks[signal] ?? [])];
    draft.grown.set(signal, list);
    draft.marks[signal] = list;
  }
  const last = list.at(-1);
  list.push(mark);
  // Nearly always the newest: a late one is put into its place.
  if (last !== undefined && byMoment(last, mark) > 0) list.sort(byMoment);
}

/** Drops signals that nobody asks for and marks that are of no use any more, and shortens what is too long. */
export function prune(
  draft: HistoryDraft,
  keep_ms: (signal: string) => number | undefined,
  now_ms: number,
): NodeHistory {
  const marks: Record<string, readonly Mark[]> = {};
  const overfull = new Set(draft.overfull);
  for (const [signal, list] of Object.entries(draft.marks)) {
    const keep = keep_ms(signal);
    if (keep === undefined) continue;
    const from = Number.isFinite(keep) ? list.findIndex(([at_ms]) => at_ms + keep > now_ms) : 0;
    const kept = from === -1 ? [] : from === 0 ? list : list.slice(from);
    if (kept.length > MARKS_MAX) overfull.add(signal);
    if (kept.length > 0) marks[signal] = kept.length > MARKS_MAX ? kept.slice(-MARKS_MAX) : kept;
  }
  const { position, seen, known } = draft;
  return {
    position,
    seen,
    known,
    marks,
    overfull: [...overfull].filter((signal) => keep_ms(signal) !== undefined),
  };
}

/** The marks of several nodes, by moment. */
export function mergeMarks(histories: readonly NodeHistory[], signal: string): readonly Mark[] {
  const lists = histories.map((h) => h.marks[signal] ?? []).filter((list) => list.length > 0);
  if (lists.length <= 1) return lists[0] ?? [];
  return lists.flat().sort(byMoment);
}
