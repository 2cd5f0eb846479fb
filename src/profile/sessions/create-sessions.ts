import type { Definitions } from '../../govern/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { TableRef } from '../../kernel/sql.ts';
import type { Turns } from '../../kernel/turns.ts';
import type { PersonDirectory, PersonSql, ResolvedBatch } from '../../resolve/contract.ts';
import type { Changes, OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { SESSIONS } from '../contract.ts';
import { importSessions } from './session-import.service.ts';
import { createSessionRepair, type SessionRepair } from './session-repair.service.ts';
import { type CompiledRules, compileRules, SESSION_RULES_KIND } from './session-rules.ts';
import { createSessionStep, type SessionStep } from './sessions.step.ts';

export interface Sessions {
  readonly step: SessionStep;
  /** The same for the feed: whole batches in, rows with their table out. */
  readonly follow: SessionFollower;
  readonly repair: SessionRepair;
  /** Repairs all who wait and are stored; returns how many. The job does the same by the clock. */
  repairAll(): Promise<number>;
  /** Makes the sessions of events that were written in bulk; call it once they are in `events` and have their people. */
  importHistory(from: Date, to: Date): Promise<{ readonly sessions: number; readonly repaired: number }>;
}

/** `SessionStep` over resolved batches; the caller owes it the same. */
export interface SessionFollower extends Pick<SessionStep, 'committed' | 'reset'> {
  add(batch: ResolvedBatch): Promise<void>;
  take(): Promise<{
    readonly rows: readonly { readonly into: TableRef; readonly lines: readonly string[] }[];
    readonly online: Changes;
  }>;
}

interface Deps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly turns: Turns;
  readonly sql: PersonSql;
  readonly directory: Pick<PersonDirectory, 'personsOf'>;
}

/** The work on sessions; only the thread that owns the stream makes one. */
export function createSessions(deps: Deps): Sessions {
  const { warehouse, online, clock, definitions, turns, sql } = deps;
  const rules = sessionRulesOf(definitions);
  const step = createSessionStep({ online, clock, rules });
  const repair = createSessionRepair({ online, warehouse, sql, rules, turns, step });
  return {
    step,
    follow: followerOf(step, deps.directory),
    repair,
    async repairAll() {
      let repaired = 0;
      for (let some = await repair.run(); some > 0; some = await repair.run()) repaired += some;
      return repaired;
    },
    importHistory: (from, to) =>
      importSessions(
        { from_ms: from.getTime(), to_ms: to.getTime() },
        { warehouse, sql, clock, rules, repair },
      ),
  };
}

function followerOf(step: SessionStep, directory: Deps['directory']): SessionFollower {
  return {
    async add({ events, moves, resplit = [] }) {
      // Between a shared device and its twin events changed hands, though neither moved.
      const split = await directory.personsOf(resplit.flatMap(({ node, twin }) => [node, twin]));
      await step.move([...moves, ...split.map((person) => ({ from: person, to: person }))]);
      await step.add(events);
    },
    async take() {
      const { rows, online } = await step.take();
      return { rows: [{ into: SESSIONS, lines: rows }], online };
    },
    committed: step.committed,
    reset: step.reset,
  };
}

/** The released rules, or the defaults; compiled once a release. */
export function sessionRulesOf(definitions: Definitions): () => CompiledRules {
  let compiled: { release: number; rules: CompiledRules } | undefined;
  return () => {
    const release = definitions.release();
    if (compiled === undefined || compiled.release !== release) {
      const released = definitions.current(SESSION_RULES_KIND).find((d) => d.name === 'default');
      compiled = { release, rules: compileRules(released?.body) };
    }
    return compiled.rules;
  };
}
