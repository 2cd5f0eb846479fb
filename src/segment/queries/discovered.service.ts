/** Discovered segments, as they are asked like those of rules: sizes and changes, and what their people are like. */
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { OnlineStore } from '../../stores/online/port.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { SegmentSet } from '../compile/segment-set.ts';
import type { FoundSegment, FoundSegments } from '../discover/found-segments.service.ts';
import type { DiscoveredDetail, DiscoveredSummary, SharedPeople } from '../segment-service.ts';
import { BUILT_KEY, type Built, NOTHING_BUILT } from '../stream/built.ts';
import type { SegmentUses } from '../use/use.service.ts';
import { changesSince, sharedWith, sizes } from './segments.sql.ts';

interface Deps {
  readonly warehouse: Warehouse;
  readonly online: OnlineStore;
  readonly clock: Clock;
  readonly released: () => SegmentSet;
  readonly found: FoundSegments;
  readonly uses: Pick<SegmentUses, 'list'>;
}

export interface DiscoveredQueries {
  list(): Promise<DiscoveredSummary[]>;
  show(name: string): Promise<DiscoveredDetail>;
  /** With which other segments it shares people, as they are kept; also of segments of rules. */
  overlap(name: string): Promise<SharedPeople[]>;
}

export function createDiscoveredQueries(deps: Deps): DiscoveredQueries {
  const { warehouse, released, found } = deps;
  return {
    list: async () => summarise(deps, await found.list()),
    async show(name) {
      const one = await found.get(name);
      if (one === undefined) throw missing(name);
      const [summary] = (await summarise(deps, [one])) as [DiscoveredSummary];
      const { run, cluster, body } = one;
      const { id, at, window, people, trigger, warnings } = run;
      const used_by = released()
        .segments.filter(({ rule }) => rule.needs.segments.includes(name))
        .map((other) => other.name);
      return {
        ...summary,
        kind: 'discovered',
        description: cluster.summary,
        purpose: body.purpose,
        teams: body.teams,
        method: run.method,
        refit_days: body.refit_days,
        run: { id, at, window, people, trigger, warnings },
        cluster,
        used_by,
      };
    },
    async overlap(name) {
      const titles = new Map((await found.list()).map((one) => [one.name, one.cluster.title]));
      const labelOf = (other: string) => released().get(other)?.body.label ?? titles.get(other);
      if (labelOf(name) === undefined) throw missing(name);
      const rows = await warehouse.query<{ segment: string; people: number; both: number }>(sharedWith(name));
      return rows.flatMap(({ segment, people, both }) => {
        const label = labelOf(segment);
        return label === undefined ? [] : [{ segment, label, people, both }];
      });
    },
  };
}

const missing = (name: string): AppError =>
  new AppError('not_found', { message: `There is no segment ${name} now.`, field: 'name' });

async function summarise(
  { warehouse, online, clock, uses }: Deps,
  list: readonly FoundSegment[],
): Promise<DiscoveredSummary[]> {
  if (list.length === 0) return [];
  const names = list.map(({ name }) => name);
  const { segments } = (await online.get<Built>(BUILT_KEY)) ?? NOTHING_BUILT;
  const members = await warehouse.query<{ segment: string; people: number }>(sizes(names));
  const changes = await warehouse.query<{ segment: string; entered: number; exited: number }>(
    changesSince(names, clock.now_ms() - 7 * DAY_MS),
  );
  const judged = new Map((await uses.list()).map(({ segment, ...use }) => [segment, use]));
  return list.map(({ name, segmentation, body, run, cluster }) => {
    const known = segments[name];
    const put_in = known !== undefined && known.refreshed_ms > 0;
    const moved = changes.find((row) => row.segment === name);
    return {
      name,
      label: cluster.title,
      segmentation,
      owner: body.owner,
      version: run.definition_version,
      state: known?.discovered?.run === run.id ? 'live' : 'building',
      use: judged.get(name) ?? { state: 'pending', reasons: [] },
      people: put_in ? (members.find((row) => row.segment === name)?.people ?? 0) : null,
      entered_7d: moved?.entered ?? 0,
      exited_7d: moved?.exited ?? 0,
      refreshed_at: put_in ? new Date(known.refreshed_ms).toISOString() : null,
    };
  });
}
