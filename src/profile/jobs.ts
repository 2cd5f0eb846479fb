import { SECOND_MS } from '../kernel/clock.ts';
import type { Job } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import type { SessionRepair } from './sessions/session-repair.service.ts';

/** Works off the people whose sessions the stream could not decide. */
export const repairJob = (repair: SessionRepair, logger: Logger): Job => ({
  name: 'profile.repair-sessions',
  every_ms: 5 * SECOND_MS,
  async run({ signal }) {
    let people = 0;
    for (let some = await repair.run(); some > 0; some = await repair.run()) {
      people += some;
      if (signal.aborted) break;
    }
    if (people > 0) logger.info({ people }, 'sessions with late events repaired');
  },
});
