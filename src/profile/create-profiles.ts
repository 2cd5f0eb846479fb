import type { Definitions } from '../govern/contract.ts';
import { type Clock, MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Turns } from '../kernel/turns.ts';
import type { NodeId, PersonDirectory, PersonNodeSql } from '../resolve/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { type ComputedTraits, currentTraits } from './computed/compile.ts';
import type { ProfileReader } from './contract.ts';
import { createNodeStates, readNodeStates } from './node-states.service.ts';
import { createProfileStep, type ProfileStep } from './profile.step.ts';
import { createRebuild, readReady } from './rebuild.service.ts';
import { createSqlTraits } from './sql-trait.service.ts';
import type { NodeState } from './state/node-state.ts';
import { createPersonProfile } from './state/person-profile.ts';
import type { ReadyTraits } from './state/profile-keys.ts';

/** The work on profiles; only the thread that owns the stream makes one. */
export interface Profiles {
  readonly step: ProfileStep;
  readonly reader: ProfileReader;
  readonly jobs: readonly Job[];
  /** Makes profiles of events that were written in bulk; call it once they are in `events` and have their people. */
  importHistory(range: {
    from: Date;
    to: Date;
  }): Promise<{ readonly nodes: number; readonly events: number }>;
  /** Counts computed traits that are not yet; the job does the same by the clock. */
  countComputed(signal: AbortSignal): Promise<void>;
  /** Runs traits in SQL that are due. */
  runSqlTraits(signal: AbortSignal): Promise<void>;
}

export function createProfiles(deps: {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly turns: Turns;
  readonly directory: PersonDirectory;
  readonly sql: PersonNodeSql;
}): Profiles {
  const { online, clock, directory } = deps;
  const computed = currentTraits(deps.definitions);
  const states = createNodeStates(online);
  const step = createProfileStep({ online, clock, computed, states });
  const rebuild = createRebuild({ ...deps, computed, states, step });
  const sqlTraits = createSqlTraits({ ...deps, computed, states, step });
  const countComputed = async (signal: AbortSignal): Promise<void> => {
    while (!signal.aborted && (await rebuild.countComputed(signal))) {
      // Again, in case that a release came in between.
    }
  };
  return {
    step,
    reader: readerOf({ directory, computed, statesOf: step.statesOf, ready: rebuild.ready }),
    jobs: [
      {
        name: 'profile.count-computed-traits',
        every_ms: 3 * SECOND_MS,
        run: ({ signal }) => countComputed(signal),
      },
      { name: 'profile.run-sql-traits', every_ms: MINUTE_MS, run: ({ signal }) => sqlTraits.runDue(signal) },
    ],
    importHistory: rebuild.importHistory,
    countComputed,
    runSqlTraits: sqlTraits.runDue,
  };
}

/** Reads what is committed, without a memory: for the threads that do not count. */
export function createProfileReader(deps: {
  readonly online: OnlineStore;
  readonly directory: PersonDirectory;
  readonly definitions: Definitions;
}): ProfileReader {
  const { online, directory, definitions } = deps;
  return readerOf({
    directory,
    computed: currentTraits(definitions),
    statesOf: (nodes) => readNodeStates(online, nodes),
    ready: () => readReady(online),
  });
}

function readerOf(deps: {
  readonly directory: PersonDirectory;
  readonly computed: () => ComputedTraits;
  readonly statesOf: (nodes: readonly NodeId[]) => Promise<(NodeState | undefined)[]>;
  readonly ready: () => ReadyTraits | Promise<ReadyTraits>;
}): ProfileReader {
  return {
    async profilesOf(people) {
      const nodes = await deps.directory.nodesOf(people);
      const [states, ready] = [await deps.statesOf(nodes.flat()), await deps.ready()];
      const traits = deps.computed();
      let at = 0;
      return people.map((person, i) => {
        const own = nodes[i] ?? [];
        const known = states.slice(at, at + own.length).filter((state) => state !== undefined);
        at += own.length;
        return createPersonProfile(person, own, known, traits, ready);
      });
    },
  };
}
