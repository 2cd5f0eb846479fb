/** The work of the stage on the thread that owns the stream. */
import type { EmitEvents } from '../collect/contract.ts';
import type { Definitions } from '../govern/contract.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Turns } from '../kernel/turns.ts';
import type { ProfileReader, TraitSql } from '../profile/contract.ts';
import type { PersonDirectory, PersonNodeSql } from '../resolve/contract.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import { createTryOut } from './compile/try-out.service.ts';
import type { RefreshResult, SegmentCommands, SegmentReader } from './contract.ts';
import { segmentJobs } from './jobs.ts';
import { createAssigner } from './refresh/assign.service.ts';
import { createBuilder } from './refresh/build.service.ts';
import { createPartedScan } from './refresh/parted.service.ts';
import { createRefresher } from './refresh/refresh.service.ts';
import { createWatches } from './refresh/watch.ts';
import { SEGMENTATION_KIND } from './rules/segment-kind.ts';
import { createSegmentReader } from './segment-reader.service.ts';
import { createSegmentStep, type SegmentStep } from './stream/segments.step.ts';
import { releasedSet } from './stream/streamed.ts';

export interface SegmentWork {
  readonly step: SegmentStep;
  readonly reader: SegmentReader;
  readonly jobs: readonly Job[];
  readonly commands: SegmentCommands;
  /** Histories and memberships of all events there are; call it once imported ones have their people and profiles. */
  importHistory(range: { readonly from: Date; readonly to: Date }): Promise<RefreshResult>;
}

export interface SegmentWorkDeps {
  readonly online: OnlineStore;
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly definitions: Definitions;
  readonly turns: Turns;
  readonly directory: PersonDirectory;
  readonly reader: ProfileReader;
  readonly sql: PersonNodeSql;
  readonly traits: TraitSql;
  readonly emit: EmitEvents;
}

export function createSegmentWork(deps: SegmentWorkDeps): SegmentWork {
  const released = releasedSet(deps.definitions);
  const segmentations = () => new Set(deps.definitions.current(SEGMENTATION_KIND).map(({ name }) => name));
  const watches = createWatches();
  const builder = createBuilder({ ...deps, released, segmentations });
  const { step, states } = createSegmentStep({ ...deps, streamed: builder.streamed });
  const scans = { ...deps, states, timedTraits: () => timedTraits(deps.definitions) };
  builder.attach({
    states,
    refresher: createRefresher(scans),
    assigner: createAssigner(scans),
    scanParted: createPartedScan(scans),
    tryOut: createTryOut(deps),
  });
  return {
    step: {
      ...step,
      async add(batch) {
        await builder.load();
        await step.add(batch);
      },
    },
    reader: createSegmentReader(deps.online, deps.definitions),
    jobs: segmentJobs({ ...deps, builder, states, released }),
    commands: {
      refresh: ({ segments, watch }) =>
        watches.run(watch, (watched) =>
          builder.refresh(segments.length > 0 ? segments : released().segments.map((s) => s.name), watched),
        ),
      refreshProgress: async ({ watch }) => watches.progressOf(watch),
      cancelRefresh: async ({ watch }) => watches.cancel(watch),
      assign: builder.assign,
      assignParted: ({ segmentation, run, partings }) => builder.assignParted(segmentation, run, partings),
    },
    importHistory: () => builder.rebuildAll(),
  };
}

/** Computed traits over a window, and those that count days, change while nothing happens. */
function timedTraits(definitions: Definitions): ReadonlySet<string> {
  const timed = definitions.current('computed-trait').filter(({ body }) => {
    const { calc, window_days } = body as { readonly calc?: string; readonly window_days?: number };
    return calc === 'days_since' || window_days !== undefined;
  });
  return new Set(timed.map(({ name }) => name));
}
