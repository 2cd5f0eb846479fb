/** Segments that stand because a run found them: of each released segmentation the clusters of its newest run. */
import type { Definitions } from '../../govern/contract.ts';
import { SEGMENTATION_KIND, segmentationOf } from '../rules/segment-kind.ts';
import type { RunResult, RunStore } from './run-store.service.ts';
import { parseSegmentation, type Segmentation } from './segmentation.ts';

export interface FoundSegment {
  readonly name: string;
  readonly segmentation: string;
  readonly body: Segmentation;
  readonly run: RunResult;
  readonly cluster: RunResult['clusters'][number];
}

export interface FoundSegments {
  /** In the order of segmentations, and of clusters in each. */
  list(): Promise<FoundSegment[]>;
  get(name: string): Promise<FoundSegment | undefined>;
}

export function createFoundSegments({
  definitions,
  runs,
}: {
  readonly definitions: Definitions;
  readonly runs: Pick<RunStore, 'standingRun'>;
}): FoundSegments {
  const foundBy = async (segmentation: string): Promise<FoundSegment[]> => {
    const definition = definitions.current(SEGMENTATION_KIND).find(({ name }) => name === segmentation);
    const run = definition && (await runs.standingRun(segmentation));
    if (definition === undefined || run === undefined) return [];
    const body = parseSegmentation(definition.body);
    return run.clusters.map((cluster) => ({ name: cluster.segment, segmentation, body, run, cluster }));
  };
  return {
    async list() {
      const names = definitions.current(SEGMENTATION_KIND).map(({ name }) => name);
      return (await Promise.all(names.sort().map(foundBy))).flat();
    },
    get: async (name) => (await foundBy(segmentationOf(name))).find((one) => one.name === name),
  };
}
