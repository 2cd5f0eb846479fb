/** Scans of people who were taken apart, and of nobody else. */

import type { PersonId } from '../../kernel/ids.ts';
import { sql } from '../../kernel/sql.ts';
import type { PersonDirectory } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { CompiledSegment, SegmentSet } from '../compile/segment-set.ts';
import type { Built } from '../stream/built.ts';
import { digitsOf } from '../stream/changes.ts';
import { type Parting, whoTheyAre } from '../stream/parted.ts';
import { apply } from './apply-answers.service.ts';
import { asked, begin, isTooLong, type ScanDeps, scanFor } from './refresh.service.ts';
import { emptyScan, listedPeople, runScan, SCAN_PEOPLE } from './refresh.sql.ts';

/** True when it is done; false when somebody of them went elsewhere meanwhile: then it has to be done again. */
export type PartedScan = (
  segments: readonly CompiledSegment[],
  set: SegmentSet,
  built: Built,
  partings: readonly Parting[],
) => Promise<boolean>;

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
      if (isTooLong(segments, query)) {
        const middle = Math.ceil(segments.length / 2);
        const halves = [segments.slice(0, middle), segments.slice(middle)];
        const done: boolean[] = [];
        for (const half of halves) done.push(await scanParted(half, set, built, partings));
        return done.every(Boolean);
      }
      const people = await listPeople(partings, deps);
      for (const statement of emptyScan()) await deps.warehouse.execute(statement);
      await deps.warehouse.execute(runScan(query, 0));
      await apply(
        segments.map(asked),
        built,
        { now_ms, cause: 'merge', people: people.length },
        { touched: watched.people, moved: watched.moved, parted: partings },
        deps,
      );
      return !people.some((person) => watched.moved.has(person));
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
