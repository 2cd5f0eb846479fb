import type { Definitions } from '../../govern/contract.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { Turns } from '../../kernel/turns.ts';
import type { PersonSql } from '../../resolve/contract.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { importSessions } from './session-import.service.ts';
import { createSessionRepair, type SessionRepair } from './session-repair.service.ts';
import { type CompiledRules, compileRules, SESSION_RULES_KIND } from './session-rules.ts';
import { createSessionStep, type SessionStep } from './sessions.step.ts';

export interface Sessions {
  readonly step: SessionStep;
  readonly repair: SessionRepair;
  /** Repairs all who wait and are stored; returns how many. The job does the same by the clock. */
  repairAll(): Promise<number>;
  /** Makes the sessions of events that were written in bulk; call it once they are in `events` and have their people. */
  importHistory(from: Date, to: Date): Promise<{ readonly sessions: number; readonly repaired: number }>;
}

interface Deps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly definitions: Definitions;
  readonly turns: Turns;
  readonly sql: PersonSql;
}

/** The work on sessions; only the thread that owns the stream makes one. */
export function createSessions({ warehouse, online, clock, definitions, turns, sql }: Deps): Sessions {
  const rules = sessionRulesOf(definitions);
  const step = createSessionStep({ online, clock, rules });
  const repair = createSessionRepair({ online, warehouse, sql, rules, turns, step });
  return {
    step,
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
