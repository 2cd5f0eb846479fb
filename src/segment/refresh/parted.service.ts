/** Scans of people who were taken apart, and of nobody else. */

import type { PersonId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import type { PersonDirectory } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { problemOf } from '../compile/engine-problem.service.ts';
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import type { LeftOut } from '../contract.ts';
import type { Built } from '../stream/built.ts';
import { digitsOf } from '../stream/changes.ts';
import { type Parting, whoTheyAre } from '../stream/parted.ts';
import { apply } from './apply-answers.service.ts';
import { asked, begin, isTooLong, leftOut, type ScanDeps, scanFor } from './refresh.service.ts';
import { emptyScan, listedPeople, runScan, SCAN_PEOPLE } from './refresh.sql.ts';

export interface PartedResult {
  /** False when somebody of them went elsewhere meanwhile: then it has to be done again. */
  readonly done: boolean;
  readonly left_out: readonly LeftOut[];
}

export type PartedScan = (
  segments: readonly CompiledSegment[],
  set: SegmentSet,
  built: Built,
  partings: readonly Parting[],
) => Promise<PartedResult>;

export function createPartedScan(deps: ScanDeps): PartedScan {
  return async function scanParted(segments, set, built, partings) {
    const { now_ms, position, watched } = await begin(deps);
    try {
      const { query } = scanFor(
        segments,
        set,
        { now_ms, position },
        deps,
      )(listedPeople.people, listedPeople.nodes);
      const split = async (): Promise<PartedResult> => {
        const middle = Math.ceil(segments.length / 2);
        const a = await scanParted(segments.slice(0, middle), set, built, partings);
        const b = await scanParted(segments.slice(middle), set, built, partings);
        return { done: a.done && b.done, left_out: [...a.left_out, ...b.left_out] };
      };
      if (isTooLong(segments, query)) return await split();
      const people = await listPeople(partings, deps);
      for (const statement of emptyScan()) await deps.warehouse.execute(statement);
      const problem = await problemOf(deps.warehouse.execute(runScan(query, 0)));
      if (problem !== undefined)
        return segments.length > 1
          ? await split()
          : { done: true, left_out: leftOut(segments, problem).left_out };
      await apply(
        segments.map(asked),
        built,
        { now_ms, cause: 'merge', people: people.length },
        { touched: watched.people, moved: watched.moved, parted: partings },
        deps,
      );
      return { done: !people.some((person) => watched.moved.has(person)), left_out: [] };
    } finally {
      watched.end();
    }
  };
}

/** Fills `SCAN_PEOPLE`; answers with who is in it. */
export async function listPeople(
  partings: readonly Parting[],
  { directory, warehouse }: { readonly directory: PersonDirectory; readonly warehouse: Warehouse },
): Promise<readonly PersonId[]> {
  const people = await whoTheyAre(partings, directory);
  await warehouse.execute(sql`TRUNCATE TABLE ${SCAN_PEOPLE}`);
  await warehouse.insert(
    SCAN_PEOPLE,
    people.map((person) => JSON.stringify({ person: digitsOf(person) })),
  );
  return people;
}
