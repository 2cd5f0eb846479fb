import type { Sql } from '../kernel/sql.ts';
import type { PersonNodeSql } from '../resolve/contract.ts';
import type { Warehouse } from '../stores/warehouse/port.ts';
import type { ComputedTraits, EventTrait } from './computed/compile.ts';
import { computedQuery } from './computed/computed.sql.ts';
import type { TraitSql } from './contract.ts';
import { isReserved, NAME_MAX } from './state/register.ts';
import { dottedQuery, seenQuery, storedTraitQuery, type TraitNameRow, traitNames } from './traits.sql.ts';

export function createTraitSql(deps: {
  readonly warehouse: Warehouse;
  readonly computed: () => ComputedTraits;
  readonly sql: PersonNodeSql;
}): TraitSql {
  const { warehouse, computed, sql: people } = deps;

  const queryOf = (trait: string, now_ms: number): Sql => {
    if (trait === '$first_seen' || trait === '$last_seen')
      return seenQuery(trait === '$first_seen' ? 'min' : 'max', people, now_ms);
    const made = computed().of_events.get(trait);
    if (made !== undefined) return computedQuery(made, people, now_ms);
    const dot = isReserved(trait) ? -1 : trait.lastIndexOf('.');
    return dot <= 0
      ? storedTraitQuery(trait, people)
      : dottedQuery(trait, queryOf(trait.slice(0, dot), now_ms), trait.slice(dot + 1), people);
  };

  return {
    traitQuery(trait, now_ms) {
      return trait === '' || trait.length > 2 * NAME_MAX ? undefined : queryOf(trait, now_ms);
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
  return calculation.needs === 'scalar' ? ['boolean', 'number', 'string'] : ['number'];
}
