import type { z } from 'zod';
import type { Allow } from '../../govern/contract.ts';
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { createRng } from '../../kernel/rng.ts';
import type { Sql } from '../../kernel/sql.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { PersonDirectory, PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { Window } from '../discover/event-reading.sql.ts';
import { type ExcludedRow, exclusionRows, type OrderSettings } from './exclusion.sql.ts';
import type { Explain } from './explanation.ts';
import { judgeExclusion } from './judge-exclusion.ts';
import { judgeLift } from './judge-lift.ts';
import { compareWithList } from './list-comparison.service.ts';
import { cohorts, conversions, membersByStart, returns, sharedPeople, sizeOf } from './members.sql.ts';
import { shownRows } from './message-test.sql.ts';
import { judgeMessageTest, type ShownRow } from './message-test.ts';
import { overlapMatrix } from './overlap.ts';
import { type CohortRow, type ReturnRow, retentionTable } from './retention.ts';
import type * as output from './validation-output.ts';

type Answer<T extends z.ZodType> = Promise<z.infer<T>>;

export interface Validation {
  withList(segment: string, lines: string): Answer<typeof output.ListComparison>;
  overlap(segments: readonly string[]): Answer<typeof output.OverlapMatrix>;
  lift(segment: string, event: string, days: number): Answer<typeof output.Lift>;
  messageTest(segment: string, test: MessageTestInput): Answer<typeof output.MessageTest>;
  retention(segment: string, event: string | undefined, weeks: number): Answer<typeof output.Retention>;
  exclusion(segment: string, input: ExclusionInput): Answer<typeof output.ExclusionCheck>;
}

export interface MessageTestInput {
  readonly exposure: string;
  readonly variant: string;
  readonly conversion: string;
  readonly days: number;
  readonly window_days: number;
  readonly split_by?: string | undefined;
}
export interface ExclusionInput extends OrderSettings {
  readonly days: number;
  readonly inactive_days: number;
  readonly tolerance: number;
}

export interface ValidationDeps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly people: PersonSql;
  readonly traits: TraitSql;
  readonly directory: PersonDirectory;
  readonly explain: Explain;
  readonly allow: Allow;
  /** Whether there is such a segment, also when nobody is in it. */
  readonly exists: (segment: string) => Promise<boolean>;
}

const LONG_QUERY = { timeout_ms: 120_000 };

export function createValidation(deps: ValidationDeps): Validation {
  const { warehouse, clock, people, traits } = deps;
  const lastDays = (days: number): Window => ({
    from: new Date(clock.now_ms() - days * DAY_MS).toISOString(),
    to: new Date(clock.now_ms()).toISOString(),
  });
  const ask = <Row>(query: Sql) => warehouse.query<Row>(query, LONG_QUERY);
  const must = async (segment: string, field = 'name'): Promise<void> => {
    if (await deps.exists(segment)) return;
    throw new AppError('not_found', { message: `There is no segment \`${segment}\`.`, field });
  };

  return {
    async withList(segment, lines) {
      await must(segment);
      return compareWithList(segment, lines, deps);
    },
    async overlap(segments) {
      const names = [...new Set(segments)];
      for (const segment of names) await must(segment, 'segments');
      return overlapMatrix(names, await ask(sharedPeople(names)));
    },
    async lift(segment, event, days) {
      await must(segment);
      const window = lastDays(days);
      const rows = await ask<{ state: number; people: number; converted: number }>(
        conversions(segment, event, window, people),
      );
      const [start] = await ask<{ early: number; late: number }>(membersByStart(segment, window));
      const of = (state: number) => rows.find((row) => row.state === state);
      const inside = { hits: of(1)?.converted ?? 0, trials: Math.max(start?.early ?? 0, of(1)?.people ?? 0) };
      const outside = { hits: of(0)?.converted ?? 0, trials: of(0)?.people ?? 0 };
      return { segment, event, window, ...judgeLift(inside, outside), left_out: start?.late ?? 0 };
    },
    async messageTest(segment, { split_by, window_days, ...test }) {
      await must(segment);
      const split = split_by === undefined ? undefined : traits.traitQuery(split_by, clock.now_ms());
      if (split_by !== undefined && split === undefined) {
        throw new AppError('invalid_input', {
          field: 'split_by',
          rule: 'known_trait',
          message: `Nobody has a trait \`${split_by}\`.`,
        });
      }
      const window = lastDays(window_days);
      const rows = await ask<ShownRow>(shownRows({ segment, ...test, split }, window, people));
      return { segment, window, ...judgeMessageTest(rows) };
    },
    async retention(segment, event, weeks) {
      await must(segment);
      const window = lastDays(7 * (weeks + 1));
      const [entered, returned] = await Promise.all([
        ask<CohortRow>(cohorts(segment, window.from, people)),
        ask<ReturnRow>(returns(segment, event, window, people)),
      ]);
      return { segment, event: event ?? null, ...retentionTable(entered, returned, clock.now_ms(), weeks) };
    },
    async exclusion(segment, { days, inactive_days, tolerance, ...settings }) {
      await must(segment);
      const window = lastDays(days);
      const history = lastDays(Math.min(Math.max(365, days), 4 * days));
      const rows = await ask<ExcludedRow>(
        exclusionRows(segment, settings, { window, history, inactive_days }, people),
      );
      const [size] = await ask<{ people: number }>(sizeOf(segment));
      const verdict = judgeExclusion(
        rows,
        { members: size?.people ?? 0, days, tolerance },
        createRng(segment).next,
      );
      return { segment, window: { ...window, days }, ...verdict };
    },
  };
}
