import type { RunHandle } from '../../govern/contract.ts';
import { AppError } from '../../kernel/errors.ts';
import { newId } from '../../kernel/ids.ts';
import * as store from './feature-store.sql.ts';
import { featureRows } from './features.sql.ts';
import { type DriftReport, judgeDrift } from './judge-drift.ts';
import { placeEverybody } from './place.service.ts';
import type { Segmentation } from './segmentation.ts';
import { binCounts, type RunDeps, windowOf } from './segmentation-run.service.ts';

/** Holds the window that ends now against that of the last fit, with the fit's own model. Changes no memberships. */
export async function measureDrift(
  { name, body, version }: { readonly name: string; readonly body: Segmentation; readonly version: number },
  { warehouse, clock, people, runs }: Omit<RunDeps, 'commands' | 'withhold'>,
  handle: RunHandle,
): Promise<DriftReport> {
  const standing = await runs.standing(name);
  if (standing === undefined) {
    throw new AppError('not_ready', {
      message: `\`${name}\` has no run with clusters yet: run it first.`,
      rule: 'has_run',
    });
  }
  const { run, kept } = standing;
  if (run.definition_version !== version) {
    throw new AppError('not_ready', {
      message: `\`${name}\` was changed after its last run: run it again, then its drift can be measured.`,
      rule: 'same_definition',
    });
  }
  const now: store.RunKey = { segmentation: name, run: newId('drift') };
  const window = windowOf(body, clock.now_ms());
  try {
    handle.progress(0.05, 'reading what people did');
    await warehouse.execute(store.insertFeatures(now, featureRows(body, window, people)));
    const [everybody] = await warehouse.query<store.StatisticsRow>(
      store.statisticsOf(now, kept.names.length),
    );
    handle.signal.throwIfAborted();
    handle.progress(0.4, 'placing everybody with the model of the last run');
    await placeEverybody(now, kept.model, { warehouse, signal: handle.signal });
    handle.progress(0.8, 'comparing');
    const moves = await warehouse.query<{ before: number; now: number; people: number }>(
      store.movesBetween({ segmentation: name, run: run.id }, now),
    );
    const binned = await binCounts(
      now,
      kept.bins.map((bin) => bin.cuts),
      warehouse,
    );
    const counts = kept.bins.map((bin, i) => ({
      feature: kept.names[i] ?? '',
      before: bin.people,
      now: binned[i] ?? [],
      mean_before: bin.mean,
      mean_now: everybody?.means[i] ?? 0,
    }));
    const people_now = everybody?.people ?? 0;
    const all = moves.reduce((sum, m) => sum + m.people, 0);
    const moved = moves.reduce((sum, m) => sum + (m.before === m.now ? 0 : m.people), 0);
    const report: DriftReport = {
      at: new Date(clock.now_ms()).toISOString(),
      run: run.id,
      fitted: run.window,
      compared: { ...window },
      people_before: run.people,
      people_now,
      ...judgeDrift(counts, { people: all, moved }, people_now),
      clusters: await sharesNow(now, standing, people_now, warehouse),
    };
    // A run that ended meanwhile took the rows away that this was held against.
    if ((await runs.standing(name))?.run.id !== run.id) {
      throw new AppError('conflict', {
        message: `\`${name}\` was run meanwhile: measure its drift from the new run on.`,
        rule: 'same_run',
      });
    }
    await runs.saveDrift(name, now.run, report);
    return report;
  } finally {
    for (const statement of store.forgetRun(now)) await warehouse.execute(statement);
  }
}

async function sharesNow(
  now: store.RunKey,
  { run, kept }: NonNullable<Awaited<ReturnType<RunDeps['runs']['standing']>>>,
  people: number,
  warehouse: RunDeps['warehouse'],
): Promise<DriftReport['clusters']> {
  const rows = await warehouse.query<store.StatisticsRow>(store.statisticsByCluster(now, kept.names.length));
  return run.clusters.map(({ key, title, share }) => {
    const inside = rows.find((row) => kept.keys[row.cluster] === key)?.people ?? 0;
    return { key, title, share_before: share, share_now: people === 0 ? 0 : inside / people };
  });
}
