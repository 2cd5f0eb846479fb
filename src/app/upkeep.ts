/** Jobs of the process itself: the log forgets what is on disk elsewhere, expired state goes, rates are noted. */

import { MINUTE_MS, SECOND_MS } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { App } from './compose.ts';
import type { Stores } from './stores.ts';

const SWEEP_ENTRIES = 20_000;

export const upkeepJobs = ({ pipeline, health }: App, { log, online }: Stores): Job[] => [
  { name: 'note rates', every_ms: SECOND_MS, run: async () => health.observe() },
  // Below the pipeline's position every row is on disk in the warehouse (inserts are synced before it moves).
  { name: 'trim the log', every_ms: MINUTE_MS, run: () => log.trim(pipeline.people_position()) },
  {
    name: 'forget expired state',
    every_ms: 10 * SECOND_MS,
    run: async ({ signal }) => {
      while (!signal.aborted && (await online.sweep(SWEEP_ENTRIES)) === SWEEP_ENTRIES);
    },
  },
];
