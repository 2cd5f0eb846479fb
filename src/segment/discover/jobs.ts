import { MINUTE_MS, SECOND_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { Job } from '../../kernel/job.ts';
import type { Logger } from '../../kernel/logger.ts';
import type { Actor } from '../../kernel/operation.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import { PARTED_RUN_PREFIX, type PartedMark } from '../stream/parted.ts';
import type { Segmentations } from './segmentations.service.ts';

const SYSTEM: Actor = { id: 'system', name: 'Plumbline', kind: 'system', roles: ['admin'] };

/** Refits and drift by the clock: one at a time, so that clustering never takes all cores. */
export const discoverJob = (segmentations: Segmentations, logger: Logger): Job => ({
  name: 'segment.discover',
  every_ms: 5 * MINUTE_MS,
  async run() {
    const retired = await segmentations.retire();
    if (retired.length > 0)
      logger.info({ segmentations: retired }, 'what removed segmentations knew of people is forgotten');
    const [cut_off] = await segmentations.cutOff();
    const [next] = await segmentations.due();
    const name = cut_off ?? next?.name;
    try {
      if (cut_off !== undefined) await segmentations.finish(cut_off, SYSTEM);
      else if (next === undefined) return;
      else if (next.what === 'drift') await segmentations.startDrift(next.name, SYSTEM);
      else await segmentations.start(next.name, SYSTEM, next.trigger);
    } catch (error) {
      // It is running already: by hand, or since the last time.
      if (!(error instanceof AppError && error.code === 'conflict')) throw error;
      logger.debug({ segmentation: name }, 'is being worked on already');
    }
  },
});

const MARKS_AT_ONCE = 100;

/** People who were taken apart, where the runs that stand would have put each of them. */
export const partedJob = (
  segmentations: Pick<Segmentations, 'placeParted'>,
  { online, logger }: { readonly online: OnlineStore; readonly logger: Logger },
): Job => ({
  name: 'segment.place-parted',
  every_ms: 2 * SECOND_MS,
  async run() {
    const found = await online.scan<PartedMark>(PARTED_RUN_PREFIX, { limit: MARKS_AT_ONCE });
    if (found.length === 0) return;
    try {
      const done = await segmentations.placeParted(
        found.flatMap(({ value }) => value.partings),
        SYSTEM,
      );
      if (done) await online.commit({ remove: found.map(({ key }) => key) });
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'conflict')) throw error;
      logger.debug({}, 'people who were taken apart wait for a run to end');
    }
  },
});
