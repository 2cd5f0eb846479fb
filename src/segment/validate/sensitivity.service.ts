import type { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import { createRng } from '../../kernel/rng.ts';
import { type Sql, sql } from '../../kernel/sql.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import {
  ENOUGH_PEOPLE,
  predictedFinding,
  type SensitiveField,
  type TraitValueRow,
  usedFindings,
} from './judge-sensitivity.ts';
import { membersOf } from './members.sql.ts';
import { namesIn, sensitiveSubject } from './sensitive-names.ts';
import type { SensitivityReport } from './validation-output.ts';

/** Whether a segment may be used without somebody deciding so (capability S6), and why not. */
export type SensitivityGuard = (segment: string) => Promise<z.infer<typeof SensitivityReport>>;

interface Deps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly traits: TraitSql;
  /** Fields that the catalogue marks as sensitive. */
  readonly sensitiveFields: () => readonly SensitiveField[];
  /** The body that decides who is in the segment: a rule, or a segmentation. Undefined when there is none. */
  readonly bodyOf: (segment: string) => Promise<unknown>;
}

/** Distinct values that are looked at. */
const MOST_VALUES = 5_000;

export function createSensitivityGuard({
  warehouse,
  clock,
  traits,
  sensitiveFields,
  bodyOf,
}: Deps): SensitivityGuard {
  return async (segment) => {
    const body = await bodyOf(segment);
    if (body === undefined) {
      throw new AppError('not_found', { message: `There is no segment \`${segment}\`.`, field: 'name' });
    }
    const names = namesIn(body);
    const catalogue = sensitiveFields();
    const marked = new Set(catalogue.map((field) => field.replace(/^trait:/, '')));
    const all = (await traits.traitNames()).map((trait) => trait.name);
    const sensitive = all.filter((name) => marked.has(name) || sensitiveSubject(name) !== undefined);
    const findings = usedFindings(names, catalogue);
    const unchecked: { trait: string; reason: string }[] = [];
    for (const trait of sensitive) {
      const query = traits.traitQuery(trait, clock.now_ms());
      const rows =
        query === undefined ? [] : await warehouse.query<TraitValueRow>(valuesByMembership(segment, query));
      const people = (side: 'inside' | 'outside') => rows.reduce((sum, row) => sum + row[side], 0);
      const least = Math.min(people('inside'), people('outside'));
      if (least < ENOUGH_PEOPLE) {
        unchecked.push({
          trait,
          reason: `only ${least} people with it on one side: ${ENOUGH_PEOPLE} are needed`,
        });
        continue;
      }
      const found = predictedFinding(trait, rows, createRng(`${segment}/${trait}`).next);
      if (found !== undefined) findings.push(found);
    }
    const skipped = new Set(unchecked.map((u) => u.trait));
    return {
      segment,
      needs_approval: findings.length > 0,
      findings,
      checked: { fields: names.length, traits: sensitive.filter((trait) => !skipped.has(trait)) },
      unchecked,
    };
  };
}

const valuesByMembership = (segment: string, trait: Sql): Sql => sql`
  SELECT value, countIf(member) AS inside, countIf(NOT member) AS outside
  FROM (SELECT value, person IN (SELECT person FROM (${membersOf(segment)})) AS member FROM (${trait}))
  GROUP BY value ORDER BY count() DESC, value LIMIT ${MOST_VALUES}`;
