import type { Clock } from '../../kernel/clock.ts';
import type { Sql } from '../../kernel/sql.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import type { SensitiveField } from './judge-sensitivity.ts';
import { judgeTrait, sensitiveTraits } from './sensitivity.service.ts';
import { type BinRow, binsAmong, binsAt } from './trait-bins.sql.ts';

export interface Draft {
  /** Some of those who would be in the segment, 16 hex digits each. */
  readonly people: readonly string[];
  /** Condition on `person` of the sample that they are all of; undefined: of everybody. */
  readonly among: Sql | undefined;
  /** Traits that the rule names: to use a sensitive one it has to be declared, and the release approves that. */
  readonly named: readonly string[];
}

/**
 * Why a segment would probably be held, in words. Traits of very many people are left out: this is asked while somebody
 * types.
 */
export type DraftGuard = (draft: Draft) => Promise<string[]>;

interface Deps {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly traits: TraitSql;
  readonly sensitiveFields: () => readonly SensitiveField[];
}

const MOST_PEOPLE = 1_000_000;

export function createDraftGuard(deps: Deps): DraftGuard {
  const { warehouse, clock, traits } = deps;
  return async ({ people, among, named }) => {
    if (people.length === 0) return [];
    const notes: string[] = [];
    for (const { name, people: known } of await sensitiveTraits(deps)) {
      const query = traits.traitQuery(name, clock.now_ms());
      if (query === undefined || known > MOST_PEOPLE || named.includes(name)) continue;
      const rows = await warehouse.query<BinRow>(binsAmong(people, query, among));
      const judged = judgeTrait(name, binsAt(rows, 0));
      if (judged.is !== 'found') continue;
      const why = judged.finding.reason.replace(/^needs approval because /, '');
      notes.push(`Would probably be held until its use is approved: ${why}`);
    }
    return notes;
  };
}
