import type { Clock } from '../kernel/clock.ts';
import type { Sql } from '../kernel/sql.ts';
import type { PersonNodeSql } from '../resolve/contract.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { ComputedTraits, EventTrait } from './computed/compile.ts';
import { computedQuery } from './computed/computed.sql.ts';
import { CALCULATIONS } from './computed/index.ts';
import type { TraitSql } from './contract.ts';
import { NAME_MAX } from './state/register.ts';
import { insideQuery, seenQuery, storedTraitQuery, type TraitNameRow, traitNames } from './traits.sql.ts';

export function createTraitSql(deps: {
  readonly warehouse: Warehouse;
  readonly clock: Clock;
  readonly computed: () => ComputedTraits;
  readonly sql: PersonNodeSql;
}): TraitSql {
  const { warehouse, computed, sql: people } = deps;

  const wholeQuery = (trait: string, now_ms: number): Sql => {
    if (trait === '$first_seen' || trait === '$last_seen')
      return seenQuery(trait === '$first_seen' ? 'min' : 'max', people, now_ms);
    const made = computed().of_events.get(trait);
    return made === undefined ? storedTraitQuery(trait, people) : computedQuery(made, people, now_ms);
  };

  return {
    traitQuery(trait, now_ms) {
      if (trait === '' || trait.length > 2 * NAME_MAX) return undefined;
      const isWhole =
        /^(\$|group\.|score\.)/.test(trait) || !trait.includes('.') || computed().of_events.has(trait);
      if (isWhole) return wholeQuery(trait, now_ms);
      const [first = '', ...keys] = trait.split('.');
      return insideQuery(wholeQuery(first, now_ms), keys);
    },
    async traitNames() {
      const rows = await warehouse.query<TraitNameRow>(traitNames());
      const kept = rows.map(({ trait, types, people }) => ({ name: trait, types, people }));
      const names = new Set(kept.map((one) => one.name));
      const seen = ['$first_seen', '$last_seen'].map((name) => ({ name, types: ['string'], people: 0 }));
      const made = [...computed().of_events.values()]
        .filter(({ name }) => !names.has(name))
        .map((trait) => ({ name: trait.name, types: typesOf(trait), people: 0 }));
      return [...kept, ...seen, ...made].sort((a, b) => (a.name < b.name ? -1 : 1));
    },
  };
}

/** JSON types that a computed trait can have. */
function typesOf({ calculation }: EventTrait): string[] {
  if (calculation.name === 'unique_list') return ['array'];
  return CALCULATIONS.get(calculation.name)?.needs === 'scalar'
    ? ['boolean', 'number', 'string']
    : ['number'];
}
