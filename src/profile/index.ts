import type { Definitions } from '../govern/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../kernel/logger.ts';
import { migrationFiles } from '../kernel/migration-files.ts';
import type { Stage } from '../kernel/stage.ts';
import type { PersonResolver } from '../resolve/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { repairJob } from './jobs.ts';
import { sessionOperations } from './operations.ts';
import { personalFields, plainFields } from './personal-fields.ts';
import { importSessions } from './sessions/session-import.service.ts';
import { createSessionRepair } from './sessions/session-repair.service.ts';
import {
  type CompiledRules,
  compileRules,
  SESSION_RULES_KIND,
  sessionRulesKind,
} from './sessions/session-rules.ts';
import { createSessionStep, type SessionStep } from './sessions/sessions.step.ts';
import { createTurns } from './sessions/turns.ts';
import { createSessionQueries } from './sessions.service.ts';

export interface Profile {
  readonly stage: Stage;
  /** The pipeline's step; see `SessionStep` for what its caller owes it. */
  readonly sessionStep: SessionStep;
  /** Repairs all who wait and are stored; returns how many. The job does the same by the clock. */
  repairSessions(): Promise<number>;
  /** Makes the sessions of events that were written in bulk; call it once they are in `events`. */
  importSessions(from: Date, to: Date): Promise<{ readonly sessions: number; readonly repaired: number }>;
}

interface Deps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly resolver: PersonResolver;
  readonly definitions: Definitions;
}

export function createProfile({ warehouse, online, clock, logger, resolver, definitions }: Deps): Profile {
  const rules = rulesOf(definitions);
  const turns = createTurns();
  const step = createSessionStep({ online, resolver, clock, rules, turns });
  const repair = createSessionRepair({ online, warehouse, resolver, rules, turns, step });
  const stage: Stage = {
    name: 'profile',
    operations: sessionOperations(createSessionQueries(warehouse, rules), clock),
    jobs: [repairJob(repair, logger)],
    migrations: migrationFiles('profile', import.meta.url),
    personal_fields: personalFields,
    plain_fields: plainFields,
    definition_kinds: [sessionRulesKind],
  };
  return {
    stage,
    sessionStep: step,
    async repairSessions() {
      let repaired = 0;
      for (let some = await repair.run(); some > 0; some = await repair.run()) repaired += some;
      return repaired;
    },
    importSessions: (from, to) =>
      importSessions(
        { from_ms: from.getTime(), to_ms: to.getTime() },
        { warehouse, resolver, clock, rules, repair },
      ),
  };
}

/** The released rules, or the defaults; compiled once a release. */
function rulesOf(definitions: Definitions): () => CompiledRules {
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
