import type { Warehouse } from '../../stores/warehouse/port.ts';
import { digitsOf } from '../stream/changes.ts';
import {
  type ChunkRow,
  chunkOf,
  featuresOf,
  insertAssignments,
  type RunKey,
  SEGMENTATION_ASSIGNMENTS,
} from './feature-store.sql.ts';
import { startFitWorker } from './fit-worker.ts';
import type { DensityModel, Model } from './model.ts';
import { placed } from './place.sql.ts';

const CHUNK = 20_000;

/** Gives everybody whose features the run has a cluster of the model: in SQL where it can say it, else in chunks through a thread. */
export async function placeEverybody(
  key: RunKey,
  model: Model,
  { warehouse, signal }: { readonly warehouse: Warehouse; readonly signal: AbortSignal },
): Promise<void> {
  if (model.method === 'rfm' || model.method === 'kmeans') {
    await warehouse.execute(insertAssignments(key, placed(featuresOf(key), model)));
  } else await placeInChunks(key, model, warehouse, signal);
}

async function placeInChunks(
  key: RunKey,
  model: DensityModel,
  warehouse: Warehouse,
  signal: AbortSignal,
): Promise<void> {
  const worker = startFitWorker(signal);
  try {
    for (let after: string | undefined; ; ) {
      const rows = await warehouse.query<ChunkRow>(chunkOf(key, after, CHUNK));
      const clusters = await worker.place(
        rows.map((row) => row.values),
        model,
      );
      await warehouse.insert(
        SEGMENTATION_ASSIGNMENTS,
        rows.map((row, i) => JSON.stringify({ ...key, person: digitsOf(row.person), cluster: clusters[i] })),
      );
      after = rows.at(-1)?.person;
      if (rows.length < CHUNK) return;
    }
  } finally {
    await worker.close();
  }
}
