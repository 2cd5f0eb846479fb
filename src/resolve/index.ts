import type { Stage } from '../kernel/stage.ts';
import type { PersonResolver } from './contract.ts';
import { personResolver } from './person.ts';

export interface Resolve {
  readonly stage: Stage;
  readonly resolver: PersonResolver;
}

/** Owns no table yet: nothing to migrate, to catalogue or to ask. */
export function createResolve(): Resolve {
  const stage: Stage = {
    name: 'resolve',
    operations: [],
    jobs: [],
    migrations: [],
    personal_fields: [],
    plain_fields: [],
    definition_kinds: [],
  };
  return { stage, resolver: personResolver };
}
