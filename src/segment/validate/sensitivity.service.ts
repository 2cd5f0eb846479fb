import type { z } from 'zod';
import type { Clock } from '../../kernel/clock.ts';
import { AppError } from '../../kernel/errors.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { AskedFields } from './asked-fields.ts';
import {
  ENOUGH_PEOPLE,
  predictedFinding,
  type SensitiveField,
  type SensitivityFinding,
  sumOf,
  type TraitBin,
  usedFindings,
} from './judge-sensitivity.ts';
import { sensitiveSubject } from './sensitive-names.ts';
import { type BinRow, binsAt, binsByMembership } from './trait-bins.sql.ts';
import type { SensitivityReport } from './validation-output.ts';

type Report = z.infer<typeof SensitivityReport>;

/** What segments use or give away, in the order asked: one pass over each sensitive trait for all of them. */
export type SensitivityJudge = (
  asked: readonly { readonly segment: string; readonly fields: AskedFields }[],
) => Promise<Report[]>;

/** Whether a segment may be used without somebody deciding so (capability S6), and why not. */
export type SensitivityGuard = (segment: string) => Promise<Report>;

interface Deps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly traits: TraitSql;
  /** Fields that the catalogue or a team marks as sensitive. */
  readonly sensitiveFields: () => readonly SensitiveField[];
}

const LONG_QUERY = { timeout_ms: 120_000 };

export function createSensitivityJudge(deps: Deps): SensitivityJudge {
  return async (asked) => {
    const catalogue = deps.sensitiveFields();
    const sensitive = (await sensitiveTraits(deps)).map((trait) => trait.name);
    const reports = asked.map(({ segment, fields }) => ({
      segment,
      fields: fields.own.length,
      findings: [...usedFindings(fields.own, catalogue), ...usedThrough(fields, catalogue)],
      traits: [] as string[],
      unchecked: [] as Report['unchecked'],
    }));
    for (const trait of sensitive) {
      const bins = await binsOf(
        trait,
        asked.map(({ segment }) => segment),
        deps,
      );
      for (const [i, report] of reports.entries()) {
        const judged = judgeTrait(trait, binsAt(bins, i));
        if (judged.is === 'unchecked') report.unchecked.push({ trait, reason: judged.reason });
        else report.traits.push(trait);
        if (judged.is === 'found') report.findings.push(judged.finding);
      }
    }
    return reports.map(({ segment, fields, findings, traits, unchecked }) => ({
      segment,
      needs_approval: findings.length > 0,
      findings,
      checked: { fields, traits },
      unchecked,
    }));
  };
}

/** By mark or by name. */
export async function sensitiveTraits({ traits, sensitiveFields }: Pick<Deps, 'traits' | 'sensitiveFields'>) {
  const marked = new Set(sensitiveFields().map((field) => field.replace(/^trait:/, '')));
  const all = await traits.traitNames();
  return all.filter(({ name }) => marked.has(name) || sensitiveSubject(name) !== undefined);
}

export function createSensitivityGuard(
  judge: SensitivityJudge,
  /** Undefined when there is no such segment. */
  fieldsOf: (segment: string) => Promise<AskedFields | undefined>,
): SensitivityGuard {
  return async (segment) => {
    const fields = await fieldsOf(segment);
    if (fields === undefined) {
      throw new AppError('not_found', { message: `There is no segment \`${segment}\`.`, field: 'name' });
    }
    const [report] = await judge([{ segment, fields }]);
    return report as Report;
  };
}

type Judged =
  | { readonly is: 'unchecked'; readonly reason: string }
  | { readonly is: 'nothing' }
  | { readonly is: 'found'; readonly finding: SensitivityFinding };

export function judgeTrait(trait: string, bins: readonly TraitBin[]): Judged {
  const { people, inside } = sumOf(bins);
  const least = Math.min(inside, people - inside);
  if (least < ENOUGH_PEOPLE) {
    return {
      is: 'unchecked',
      reason: `fewer than ${ENOUGH_PEOPLE} people with it on one side`,
    };
  }
  const finding = predictedFinding(trait, bins);
  return finding === undefined ? { is: 'nothing' } : { is: 'found', finding };
}

function usedThrough({ own, through }: AskedFields, catalogue: readonly SensitiveField[]) {
  const known = new Set(own);
  return through.flatMap(({ segment, fields }) => {
    const others = fields.filter((field) => !known.has(field));
    for (const field of others) known.add(field);
    return usedFindings(others, catalogue).map((finding) => ({
      ...finding,
      reason: finding.reason.replace(
        'because it uses',
        `because the segment \`${segment}\`, which it asks for, uses`,
      ),
    }));
  });
}

async function binsOf(
  trait: string,
  segments: readonly string[],
  { warehouse, clock, traits }: Deps,
): Promise<readonly BinRow[]> {
  const query = traits.traitQuery(trait, clock.now_ms());
  return query === undefined
    ? []
    : await warehouse.query<BinRow>(binsByMembership(segments, query), LONG_QUERY);
}
