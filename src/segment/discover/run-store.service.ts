/** Runs, drift reports and titles in the control database. */
import type { z } from 'zod';
import { sql, table } from '../../kernel/sql.ts';
import type { ControlDb } from '../../stores/control/port.ts';
import { different } from './cluster-names.ts';
import type { DriftReport } from './judge-drift.ts';
import type { Model } from './model.ts';
import type { SegmentationRun } from './segmentation-output.ts';

const RUNS = table('segmentation_runs');
const DRIFT = table('segmentation_drift');
const TITLES = table('segmentation_titles');
const KEYS = table('segmentation_keys');

export type RunResult = z.infer<typeof SegmentationRun>;

/** What places people as the run did, and what later windows are held against. */
export interface KeptModel {
  readonly model: Model;
  /** Of the definition that it ran by; models from before it was kept have none. */
  readonly fingerprint?: string;
  /** Key of each cluster by its number; null for numbers that nobody has. */
  readonly keys: readonly (string | null)[];
  readonly names: readonly string[];
  /** Of each feature: cuts, people in each bin of the fit window (the last one for no value), and the mean. */
  readonly bins: readonly {
    readonly cuts: readonly number[];
    readonly people: readonly number[];
    readonly mean: number;
  }[];
}

export interface RunStore {
  /** Newest first. */
  list(segmentation: string, limit: number): Promise<RunResult[]>;
  /** Id of the newest one, whatever it found. */
  newest(segmentation: string): Promise<string | undefined>;
  get(segmentation: string, id: string): Promise<RunResult | undefined>;
  /** The newest run that found clusters; its model, which can be large, is not read. */
  standingRun(segmentation: string): Promise<RunResult | undefined>;
  /** The same with its model. */
  standing(segmentation: string): Promise<{ readonly run: RunResult; readonly kept: KeptModel } | undefined>;
  /** The model of the run before is forgotten, unless this one found no clusters (`kept` undefined). */
  save(run: RunResult, kept: KeptModel | undefined): Promise<void>;
  /** Every key that a cluster of the segmentation has had. */
  usedKeys(segmentation: string): Promise<ReadonlySet<string>>;
  /** Names of segmentations with a standing run. */
  names(): Promise<string[]>;
  /** From now on no run of it stands; the results stay. */
  retire(segmentation: string): Promise<void>;
  drift(segmentation: string, limit: number): Promise<DriftReport[]>;
  saveDrift(segmentation: string, id: string, report: DriftReport): Promise<void>;
  rename(segmentation: string, cluster: string, title: string): Promise<void>;
}

interface Row {
  readonly result: string;
  readonly model: string;
}

export function createRunStore(control: ControlDb): RunStore {
  const titled = async (segmentation: string, rows: readonly Pick<Row, 'result'>[]): Promise<RunResult[]> => {
    const titles = new Map(
      (
        await control.all<{ cluster: string; title: string }>(
          sql`SELECT cluster, title FROM ${TITLES} WHERE segmentation = ${segmentation}`,
        )
      ).map((row) => [row.cluster, row.title]),
    );
    return rows.map(({ result }) => {
      const run = JSON.parse(result) as RunResult;
      // A name that was given by hand may be the one that another cluster has by itself.
      const shown = different(run.clusters.map((c) => titles.get(c.key) ?? c.title));
      const clusters = run.clusters.map((c, i) => ({ ...c, title: shown[i] ?? c.title }));
      // Runs of before pairs of scores were counted have none.
      return { ...run, grid: run.grid ?? null, clusters };
    });
  };
  return {
    list: async (segmentation, limit) =>
      titled(
        segmentation,
        await control.all<Row>(
          sql`SELECT result FROM ${RUNS} WHERE segmentation = ${segmentation} ORDER BY at DESC, id DESC LIMIT ${limit}`,
        ),
      ),
    async newest(segmentation) {
      const row = await control.one<{ id: string }>(
        sql`SELECT id FROM ${RUNS} WHERE segmentation = ${segmentation} ORDER BY at DESC, id DESC LIMIT 1`,
      );
      return row?.id;
    },
    async get(segmentation, id) {
      const row = await control.one<Row>(
        sql`SELECT result FROM ${RUNS} WHERE segmentation = ${segmentation} AND id = ${id}`,
      );
      return row === undefined ? undefined : (await titled(segmentation, [row]))[0];
    },
    async standingRun(segmentation) {
      const row = await control.one<Pick<Row, 'result'>>(
        sql`SELECT result FROM ${RUNS} WHERE segmentation = ${segmentation} AND model <> '' ORDER BY at DESC, id DESC LIMIT 1`,
      );
      return row === undefined ? undefined : (await titled(segmentation, [row]))[0];
    },
    async standing(segmentation) {
      const row = await control.one<Row>(
        sql`SELECT result, model FROM ${RUNS} WHERE segmentation = ${segmentation} AND model <> '' ORDER BY at DESC, id DESC LIMIT 1`,
      );
      const [run] = row === undefined ? [] : await titled(segmentation, [row]);
      return row === undefined || run === undefined
        ? undefined
        : { run, kept: JSON.parse(row.model) as KeptModel };
    },
    save: (run, kept) =>
      control.transaction(async (tx) => {
        const { id, segmentation, definition_version, at } = run;
        if (kept !== undefined)
          await tx.run(sql`UPDATE ${RUNS} SET model = '' WHERE segmentation = ${segmentation}`);
        const model = kept === undefined ? '' : JSON.stringify(kept);
        await tx.run(
          sql`INSERT INTO ${RUNS} (id, segmentation, definition_version, at, result, model)
            VALUES (${id}, ${segmentation}, ${definition_version}, ${at}, ${JSON.stringify(run)}, ${model})`,
        );
        for (const { key } of run.clusters) {
          await tx.run(
            sql`INSERT INTO ${KEYS} (segmentation, cluster, first_run) VALUES (${segmentation}, ${key}, ${id})
              ON CONFLICT DO NOTHING`,
          );
        }
      }),
    async usedKeys(segmentation) {
      const rows = await control.all<{ cluster: string }>(
        sql`SELECT cluster FROM ${KEYS} WHERE segmentation = ${segmentation}`,
      );
      return new Set(rows.map((row) => row.cluster));
    },
    async names() {
      const rows = await control.all<{ segmentation: string }>(
        sql`SELECT DISTINCT segmentation FROM ${RUNS} WHERE model <> ''`,
      );
      return rows.map((row) => row.segmentation);
    },
    async retire(segmentation) {
      await control.run(sql`UPDATE ${RUNS} SET model = '' WHERE segmentation = ${segmentation}`);
    },
    async drift(segmentation, limit) {
      const rows = await control.all<{ result: string }>(
        sql`SELECT result FROM ${DRIFT} WHERE segmentation = ${segmentation} ORDER BY at DESC, id DESC LIMIT ${limit}`,
      );
      return rows.map((row) => JSON.parse(row.result) as DriftReport);
    },
    async saveDrift(segmentation, id, report) {
      await control.run(
        sql`INSERT INTO ${DRIFT} (id, segmentation, at, result) VALUES (${id}, ${segmentation}, ${report.at}, ${JSON.stringify(report)})`,
      );
    },
    async rename(segmentation, cluster, title) {
      await control.transaction(async (tx) => {
        await tx.run(
          sql`DELETE FROM ${TITLES} WHERE segmentation = ${segmentation} AND cluster = ${cluster}`,
        );
        await tx.run(
          sql`INSERT INTO ${TITLES} (segmentation, cluster, title) VALUES (${segmentation}, ${cluster}, ${title})`,
        );
      });
    },
  };
}
