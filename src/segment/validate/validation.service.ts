import type { z } from 'zod';
import { type Clock, DAY_MS } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { createRng } from '../../kernel/rng.ts';
import type { Sql } from '../../kernel/sql.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { PersonDirectory, PersonSql } from '../../resolve/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { Window } from '../discover/event-reading.sql.ts';
import { RfmSettings } from '../discover/rfm-settings.ts';
import { LEAST_PEOPLE } from '../preview/small-sizes.ts';
import type { AskedFields } from './asked-fields.ts';
import { type ExcludedRow, exclusionRows, type OrderSettings } from './exclusion.sql.ts';
import type { Explain } from './explanation.ts';
import { judgeExclusion } from './judge-exclusion.ts';
import { judgeLift } from './judge-lift.ts';
import type { KnownInputs } from './known-inputs.service.ts';
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
  readonly known: KnownInputs;
  /** What decides who is in a segment. */
  readonly fieldsOf: (segment: string) => Promise<AskedFields | undefined>;
  /** Whether there is such a segment, also when nobody is in it. */
  readonly exists: (segment: string) => Promise<boolean>;
}

const LONG_QUERY = { timeout_ms: 120_000 };

export function createValidation(deps: ValidationDeps): Validation {
  const { warehouse, clock, people, traits, known } = deps;
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
      await known.event('event', event);
      const window = lastDays(days);
      const rows = await ask<{ state: number; people: number; converted: number }>(
        conversions(segment, event, window, people),
      );
      const [start] = await ask<{ early: number; late: number }>(membersByStart(segment, window));
      const of = (state: number) => rows.find((row) => row.state === state);
      const inside = { hits: of(1)?.converted ?? 0, trials: Math.max(start?.early ?? 0, of(1)?.people ?? 0) };
      const outside = { hits: of(0)?.converted ?? 0, trials: of(0)?.people ?? 0 };
      const left_out = start?.late ?? 0;
      return { segment, event, window, ...judgeLift(inside, outside, left_out), left_out };
    },
    async messageTest(segment, { split_by, window_days, ...test }) {
      await must(segment);
      await known.event('exposure', test.exposure);
      await known.property('variant', test.exposure, test.variant);
      await known.event('conversion', test.conversion);
      if (split_by !== undefined) await known.trait('split_by', split_by);
      const split = split_by === undefined ? undefined : traits.traitQuery(split_by, clock.now_ms());
      const window = lastDays(window_days);
      const rows = await ask<ShownRow>(
        shownRows({ segment, ...test, split, least: LEAST_PEOPLE }, window, people),
      );
      const fields = await deps.fieldsOf(segment);
      const asked = [...(fields?.own ?? []), ...(fields?.through ?? []).flatMap((one) => one.fields)];
      const warnings = asked.includes(test.conversion)
        ? [
            `The segment asks for \`${test.conversion}\` itself: whoever answered is in it because of that, so its rates say little.`,
          ]
        : [];
      return { segment, window, ...judgeMessageTest(rows), warnings };
    },
    async retention(segment, event, weeks) {
      await must(segment);
      if (event !== undefined) await known.event('event', event);
      const window = lastDays(7 * (weeks + 1));
      const [entered, returned] = await Promise.all([
        ask<CohortRow>(cohorts(segment, window.from, people)),
        ask<ReturnRow>(returns(segment, event, window, people)),
      ]);
      const table = retentionTable(entered, returned, clock.now_ms(), weeks);
      return { segment, event: event ?? null, ...table, cohorts_left_out: 0 };
    },
    async exclusion(segment, { days, inactive_days, tolerance, ...settings }) {
      await must(segment);
      await known.event('order_event', settings.order_event);
      await known.property('revenue', settings.order_event, settings.revenue);
      // Shops without refunds send none: only another name than the usual is one that somebody meant.
      if (settings.refund_event !== RfmSettings.shape.refund_event.parse(undefined))
        await known.event('refund_event', settings.refund_event);
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
