/** The segments that there are to be judged: released rules, and the clusters of segmentations that were run. */
import type { Definitions, Reviews } from '../../govern/contract.ts';
import { key64 } from '../../kernel/ids.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import type { RunStore } from '../discover/run-store.service.ts';
import { SEGMENT_KIND, SEGMENTATION_KIND, segmentationOf } from '../rules/segment-kind.ts';
import { BUILT_KEY, type Built, NOTHING_BUILT } from '../stream/built.ts';
import { type AskedFields, askedFields } from '../validate/asked-fields.ts';
import { namesIn } from '../validate/sensitive-names.ts';
import type { Subject } from './decide-use.ts';
import { useBasis } from './given-out.ts';

export interface AskedSubject extends Subject {
  readonly asks: () => AskedFields;
}

interface Deps {
  readonly online: OnlineStore;
  readonly definitions: Definitions;
  readonly released: () => SegmentSet;
  readonly runs: RunStore;
  readonly reviews: Reviews;
}

export type Subjects = () => Promise<AskedSubject[]>;

export function createSubjects(deps: Deps): Subjects {
  const { online, definitions, released } = deps;
  const ran = new Map<string, { readonly run: string; readonly clusters: readonly AskedSubject[] }>();
  const bodyOf = (segment: string): unknown =>
    released().get(segment)?.body.rule ??
    definitions.current(SEGMENTATION_KIND).find(({ name }) => name === segmentationOf(segment))?.body;

  const byRule = (segment: CompiledSegment, built: Built): AskedSubject => {
    const { name, version, body, fingerprint } = segment;
    const known = built.segments[name];
    const is_worked_out = known !== undefined && known.fingerprint === fingerprint && known.refreshed_ms > 0;
    return {
      segment: name,
      definition: { kind: SEGMENT_KIND, name, version },
      basis: useBasis(segment),
      work: is_worked_out ? String(known.id) : undefined,
      declared_fields: body.sensitivity === 'sensitive' ? namesIn(body.rule) : [],
      asks: () => askedFields(body.rule, bodyOf),
    };
  };

  /** Read again only when there is another run: results are large. */
  const byRun = async (segmentation: string): Promise<readonly AskedSubject[]> => {
    const newest = await deps.runs.newest(segmentation);
    if (newest === undefined) return [];
    const known = ran.get(segmentation);
    if (known?.run === newest) return known.clusters;
    const clusters = await clustersOf(segmentation, deps, bodyOf);
    ran.set(segmentation, { run: newest, clusters });
    return clusters;
  };

  return async () => {
    const built = (await online.get<Built>(BUILT_KEY)) ?? NOTHING_BUILT;
    const names = definitions.current(SEGMENTATION_KIND).map(({ name }) => name);
    for (const gone of [...ran.keys()].filter((name) => !names.includes(name))) ran.delete(gone);
    const clusters: AskedSubject[] = [];
    for (const name of names) clusters.push(...(await byRun(name)));
    return [...released().segments.map((segment) => byRule(segment, built)), ...clusters];
  };
}

/** Who is in a cluster was decided by the version that the run was made with, whatever is released since. */
async function clustersOf(
  segmentation: string,
  { runs, reviews }: Pick<Deps, 'runs' | 'reviews'>,
  bodyOf: (segment: string) => unknown,
): Promise<AskedSubject[]> {
  const run = await runs.standingRun(segmentation);
  if (run === undefined) return [];
  const { id, definition_version: version, clusters } = run;
  const definition = { kind: SEGMENTATION_KIND, name: segmentation, version };
  const body = (await reviews.versionOf(SEGMENTATION_KIND, segmentation, version))?.body;
  return clusters.map(({ segment }) => ({
    segment,
    definition,
    basis: decidingPart(body),
    work: id,
    declared_fields: [],
    asks: () => askedFields(body, bodyOf),
  }));
}

/** Without what changes nobody's place: words about it, and when it is run. */
function decidingPart(body: unknown): string {
  const beside = new Set(['description', 'owner', 'teams', 'refit_days', 'refit_on_drift']);
  return key64(JSON.stringify(Object.entries(Object(body)).filter(([key]) => !beside.has(key))));
}
