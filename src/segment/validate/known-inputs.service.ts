import { EVENTS } from '../../collect/contract.ts';
import { AppError } from '../../kernel/errors.ts';
import { sql } from '../../kernel/sql.ts';
import type { TraitSql } from '../../profile/contract.ts';
import type { Warehouse } from '../../stores/warehouse/port.ts';
import { type KnownNames, unknownNames } from '../rules/known-names.ts';
import type { Rule } from '../rules/rule.ts';

/** Refuses, by field, names that nobody has ever sent: an answer over nothing reads like an answer. */
export interface KnownInputs {
  event(field: string, event: string): Promise<void>;
  property(field: string, event: string, property: string): Promise<void>;
  trait(field: string, trait: string): Promise<void>;
}

interface Deps {
  readonly warehouse: Warehouse;
  readonly traits: TraitSql;
  /** As of some minutes ago, and of a sample: what it does not know is looked for. */
  readonly names: () => Promise<KnownNames | undefined>;
}

export function createKnownInputs({ warehouse, traits, names }: Deps): KnownInputs {
  const refuse = (field: string, message: string): never => {
    throw new AppError('invalid_input', { field, rule: 'known_name', message });
  };
  /** The message, with the name that was probably meant; undefined where the name is known. */
  const unknown = (part: Readonly<Record<string, unknown>>, known: KnownNames): string | undefined =>
    unknownNames({ predicate: 'count', ...part } as Rule, known)[0]?.message;
  const sentence = (message: string): string =>
    `${message.charAt(0).toUpperCase()}${message.slice(1)}${message.endsWith('?') ? '' : '.'}`;
  const isSent = async (event: string, property?: string): Promise<boolean> => {
    const has = property === undefined ? sql`true` : sql`JSONHas(properties, ${property})`;
    const found = await warehouse.query(
      sql`SELECT 1 FROM ${EVENTS} WHERE event = ${event} AND ${has} LIMIT 1`,
    );
    return found.length > 0;
  };

  return {
    async event(field, event) {
      const known = await names();
      const message = known === undefined ? undefined : unknown({ event }, known);
      if (message !== undefined && !(await isSent(event))) refuse(field, sentence(message));
    },
    async property(field, event, property) {
      const known = await names();
      const message = known === undefined ? undefined : unknown({ event, property }, known);
      const [top = property] = property.split('.');
      if (message !== undefined && !(await isSent(event, top))) {
        refuse(field, `${sentence(message)} It was looked for in ${event}.`);
      }
    },
    async trait(field, trait) {
      const has = new Set((await traits.traitNames()).map(({ name }) => name));
      const message = unknown({ trait }, { events: new Set(), fields: new Map(), traits: has });
      if (message !== undefined) refuse(field, sentence(message));
    },
  };
}
