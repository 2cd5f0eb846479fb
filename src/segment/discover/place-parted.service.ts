/** People who were taken apart are placed by the model of the run that stands, over its own window, as each of them is now. */
import type { RunHandle } from '../../govern/contract.ts';
import { newId } from '../../kernel/ids.ts';
import { keysOf } from '../../kernel/key64.ts';
import { sql } from '../../kernel/sql.ts';
import type { PersonDirectory } from '../../resolve/contract.ts';
import { atTheirNodes } from '../compile/their-nodes.sql.ts';
import type { SegmentCommands } from '../contract.ts';
import { type Parting, whoTheyAre } from '../stream/parted.ts';
import * as store from './feature-store.sql.ts';
import { featureRows } from './features.sql.ts';
import { placeEverybody } from './place.service.ts';
import { fingerprintOf, type Segmentation } from './segmentation.ts';
import type { RunDeps } from './segmentation-run.service.ts';

interface Deps extends Pick<RunDeps, 'warehouse' | 'people' | 'runs'> {
  readonly commands: Pick<SegmentCommands, 'assignParted'>;
  readonly directory: PersonDirectory;
}

/** Their keys stand in the text of a query several times. */
const PARTINGS_AT_ONCE = 250;

/**
 * Does nothing when no run stands, or when people will be divided in another way by the next one. Rejects with `conflict`
 * when memberships are not of the run that stands: it is being written.
 */
export async function placeParted(
  { name, body }: { readonly name: string; readonly body: Segmentation },
  partings: readonly Parting[],
  deps: Deps,
  { signal, progress }: RunHandle,
): Promise<void> {
  const standing = await deps.runs.standing(name);
  if (standing === undefined || standing.kept.fingerprint !== fingerprintOf(body)) return;
  for (let from = 0; from < partings.length; from += PARTINGS_AT_ONCE) {
    signal.throwIfAborted();
    progress(from / partings.length, 'placing people who were taken apart');
    const some = partings.slice(from, from + PARTINGS_AT_ONCE);
    await placeSome({ name, body, ...standing }, some, deps, signal);
    await deps.commands.assignParted({ segmentation: name, run: standing.run.id, partings: some });
  }
}

type Standing = NonNullable<Awaited<ReturnType<Deps['runs']['standing']>>>;

/** Rows of the run say of them what it would have said. */
async function placeSome(
  { name, body, run, kept }: Standing & { readonly name: string; readonly body: Segmentation },
  partings: readonly Parting[],
  { warehouse, people, directory }: Deps,
  signal: AbortSignal,
): Promise<void> {
  const apart: store.RunKey = { segmentation: name, run: newId('apart') };
  const who = await whoTheyAre(partings, directory);
  try {
    const features = featureRows(body, run.window, { ...people, where: atTheirNodes(who) });
    const theirs = sql`SELECT person, \`values\` FROM (${features}) WHERE person IN ${keysOf(who)}`;
    await warehouse.execute(store.insertFeatures(apart, theirs));
    await placeEverybody(apart, kept.model, { warehouse, signal });
    const key: store.RunKey = { segmentation: name, run: run.id };
    for (const statement of store.replacedBy(key, apart, who)) await warehouse.execute(statement);
  } finally {
    for (const statement of store.forgetRun(apart)) await warehouse.execute(statement);
  }
}
