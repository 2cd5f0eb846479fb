import { useCallback, useReducer } from 'react';
import { type Branch, readRule } from './rule-tree.ts';

interface History {
  readonly past: readonly Branch[];
  readonly now: Branch;
  readonly future: readonly Branch[];
  /** Typing in one place is one step to take back. */
  readonly mark: string;
}

type Act =
  | { readonly do: 'change'; readonly change: (rule: Branch) => Branch; readonly mark: string }
  | { readonly do: 'undo' }
  | { readonly do: 'redo' };

const STEPS_MAX = 100;

function reduce(history: History, act: Act): History {
  const { past, now, future } = history;
  if (act.do === 'undo') {
    const before = past.at(-1);
    return before === undefined
      ? history
      : { past: past.slice(0, -1), now: before, future: [now, ...future], mark: '' };
  }
  if (act.do === 'redo') {
    const [next, ...rest] = future;
    return next === undefined ? history : { past: [...past, now], now: next, future: rest, mark: '' };
  }
  const next = act.change(now);
  if (next === now) return history;
  const merged = act.mark !== '' && act.mark === history.mark;
  return {
    past: merged ? past : [...past, now].slice(-STEPS_MAX),
    now: next,
    future: [],
    mark: act.mark,
  };
}

export interface RuleHistory {
  readonly rule: Branch;
  /** Changes with the same mark right after each other are taken back together. */
  readonly change: (change: (rule: Branch) => Branch, mark?: string) => void;
  readonly undo: (() => void) | undefined;
  readonly redo: (() => void) | undefined;
}

/** The rule on the bench, with undo and redo. */
export function useRuleHistory(initial: unknown): RuleHistory {
  const [history, act] = useReducer(reduce, initial, (value) => ({
    past: [],
    now: readRule(value),
    future: [],
    mark: '',
  }));
  const change = useCallback(
    (next: (rule: Branch) => Branch, mark = '') => act({ do: 'change', change: next, mark }),
    [],
  );
  return {
    rule: history.now,
    change,
    undo: history.past.length === 0 ? undefined : () => act({ do: 'undo' }),
    redo: history.future.length === 0 ? undefined : () => act({ do: 'redo' }),
  };
}
