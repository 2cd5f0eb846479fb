/** After a release of other rules the whole graph is derived anew, some of it at a time; the stream goes on in between. */
import type { Clock } from '../kernel/clock.ts';
import type { Job, JobContext } from '../kernel/job.ts';
import type { Logger } from '../kernel/logger.ts';
import type { Turns } from '../kernel/turns.ts';
import type { OnlineStore } from '../stores/online/port.ts';
import type { HistoryImport } from './history.service.ts';
import { scanUnits } from './identity/scan-units.service.ts';
import { holding, type IdentityWork } from './identity-work.service.ts';
import { type CompiledRules, fingerprints } from './rules/compile-rules.ts';

const EVERY_MS = 2_000;
/** As far back as events can be. */
const ALL_TIME = { from_ms: 0, to_ms: Date.parse('2200-01-01T00:00:00.000Z') };

interface Deps {
  readonly work: IdentityWork;
  readonly online: OnlineStore;
  readonly rules: () => CompiledRules;
  readonly history: HistoryImport;
  readonly turns: Turns;
  readonly clock: Clock;
  readonly logger: Logger;
}

export const rederiveJob = (deps: Deps): Job => ({
  name: 'resolve.rederive',
  every_ms: EVERY_MS,
  run: async ({ signal }) => {
    await rederive(deps, { signal });
  },
});

/** Returns whether anything was to do. Cut short, it starts again the next time. */
export async function rederive(deps: Deps, { signal }: JobContext): Promise<boolean> {
  const { work, online } = deps;
  const rules = deps.rules();
  const { reading, joining } = await work.state();
  if (reading === '' || (reading === rules.reading && joining === rules.joining)) return false;
  // Identifiers that were not read before, or not in this form, are in the events.
  if (reading !== rules.reading) await deps.history.run(ALL_TIME, 'again', signal);
  if (signal.aborted) return true;
  for await (const { units } of scanUnits(online)) {
    if (signal.aborted || deps.rules() !== rules) return true;
    const ids = units.flatMap((unit) => unit.nodes[0]?.id ?? []);
    await holding(deps, () => deriveAgain(deps, ids));
  }
  await holding(deps, async () => {
    await work.state();
    work.setState(fingerprints(rules));
    await work.write();
  });
  deps.logger.info({ release: rules.joining }, 'identities follow the released rules');
  return true;
}

async function deriveAgain(
  { work, clock }: Deps,
  ids: readonly Parameters<typeof work.graph.get>[0][],
): Promise<void> {
  const { graph } = work;
  await work.state();
  await graph.load(ids);
  const heard_ms = clock.now_ms();
  for (const unit of new Set(ids.flatMap((id) => graph.get(id)?.unit ?? [])))
    graph.touch(unit, { what: 'rules', cause: 'rules', source_id: '', message_id: '', heard_ms });
  work.keep(graph.settle());
  await work.write();
}
